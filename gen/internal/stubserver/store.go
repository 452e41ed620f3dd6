package stubserver

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"troth/gen/restorejobs"
)

type job = restorejobs.ServerlessRestoreJob

// store holds the jobs, newest first. Its clock is its own: each job is one hour younger than the one before.
type store struct {
	mu   sync.Mutex
	jobs []job
}

// epoch is the time of the first job.
var epoch = time.Date(2024, 3, 1, 6, 0, 0, 0, time.UTC)

func newStore() *store {
	s := &store{}
	for i := range Jobs {
		s.jobs = append([]job{seeded(i)}, s.jobs...)
	}
	return s
}

// list returns the jobs as they are now.
func (s *store) list() []job {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.jobs)
}

// find returns the job of that ID.
func (s *store) find(id string) (job, bool) {
	for _, j := range s.list() {
		if *j.ID == id {
			return j, true
		}
	}
	return job{}, false
}

// add stores a job that a client asked for: what the document marks readOnly is the server's to say.
func (s *store) add(asked job) job {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := begun(len(s.jobs))
	j.DeliveryType = asked.DeliveryType
	j.TargetClusterName, j.TargetGroupID = asked.TargetClusterName, asked.TargetGroupID
	j.SnapshotID = asked.SnapshotID
	if asked.DeliveryType == restorejobs.ServerlessRestoreJobDeliveryTypePointInTime { // of which alone they tell the time
		j.OplogInc, j.OplogTS, j.PointInTimeUTCSeconds = asked.OplogInc, asked.OplogTS, asked.PointInTimeUTCSeconds
	}
	s.jobs = append([]job{j}, s.jobs...)
	return j
}

// begun is the n-th job as it is when it begins.
func begun(n int) job {
	id, at := fmt.Sprintf("65e1%020x", n+1), epoch.Add(time.Duration(n)*time.Hour)
	return job{
		ID: &id, Timestamp: &at, Cancelled: new(bool), Expired: new(bool), Failed: new(bool),
		TargetClusterName: "Target0", TargetGroupID: GroupID,
	}
}

// seeded is the n-th job of the start, all but the newest finished, of each delivery type in turn.
func seeded(n int) job {
	j := begun(n)
	snapshot := fmt.Sprintf("65d0%020x", n+1)
	j.SnapshotID = &snapshot
	if n < Jobs-1 {
		j.FinishedAt = later(j, 20*time.Minute)
	}
	switch n % 3 {
	case 0:
		j.DeliveryType = restorejobs.ServerlessRestoreJobDeliveryTypeAutomated
	case 1:
		j.DeliveryType = restorejobs.ServerlessRestoreJobDeliveryTypeDownload
		j.DeliveryURL = &[]string{"https://downloads.example/" + snapshot + ".tar.gz"}
		j.ExpiresAt = later(j, 48*time.Hour)
	case 2:
		j.DeliveryType = restorejobs.ServerlessRestoreJobDeliveryTypePointInTime
		seconds, increment := int32(j.Timestamp.Add(-time.Hour).Unix()), int32(n)
		j.OplogTS, j.OplogInc = &seconds, &increment
	}
	return j
}

func later(j job, d time.Duration) *time.Time {
	at := j.Timestamp.Add(d)
	return &at
}
