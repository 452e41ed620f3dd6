package gen_test

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"testing"
	"time"

	"troth/gen/restorejobs"
)

// TestManyMocks runs 500 subtests in parallel, each with a mock of its own; afterwards no goroutine and no descriptor is left.
func TestManyMocks(t *testing.T) {
	const mocks = 500
	http.DefaultTransport.(*http.Transport).CloseIdleConnections() // what tests before left
	goroutines, descriptors := settled(0), open(t)
	t.Run("mocks", func(t *testing.T) {
		for i := range mocks {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				use(t, i)
			})
		}
	})
	if left := settled(goroutines); left > goroutines {
		buffer := make([]byte, 1<<16)
		t.Errorf("%d goroutines, %d before\n%s", left, goroutines, buffer[:runtime.Stack(buffer, true)])
	}
	if left := open(t); left > descriptors {
		t.Errorf("%d descriptors, %d before", left, descriptors)
	}
}

// use creates a job, which no other mock sees.
func use(t *testing.T, i int) {
	api := restorejobs.NewMock(t)
	api.ExpectCreateServerlessRestoreJob().Times(1)
	name := fmt.Sprintf("Mine%d", i)
	made, err := api.Client().CreateServerlessRestoreJobWithApplicationVndAtlas20230101PlusJSONBodyWithResponse(t.Context(), group, cluster, nil, newJob(name))
	if err != nil || made.StatusCode() != http.StatusOK {
		t.Fatalf("%v %s", err, made.Body)
	}
	size := restorejobs.ItemsPerPage(3)
	got, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, cluster, &restorejobs.ListServerlessRestoreJobsParams{ItemsPerPage: &size})
	if err != nil || got.ApplicationVndAtlas20230101JSON200 == nil {
		t.Fatalf("%v %s", err, got.Body)
	}
	if page := got.ApplicationVndAtlas20230101JSON200; *page.TotalCount != 251 || (*page.Results)[0].TargetClusterName != name {
		t.Errorf("%d jobs, the first is %s", *page.TotalCount, (*page.Results)[0].TargetClusterName)
	}
}

// settled is the number of goroutines once it is no more than wanted, or does not fall any more.
func settled(want int) int {
	n := runtime.NumGoroutine()
	for range 100 {
		if n <= want {
			break
		}
		time.Sleep(10 * time.Millisecond)
		if now := runtime.NumGoroutine(); want > 0 || now != n {
			n = now
			continue
		}
		break
	}
	return n
}

// open is the number of this process's descriptors, 0 where the system does not tell.
func open(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}
