package restorejobs_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"testing"

	"troth/gen/restorejobs"
	"troth/mock"
)

const group, instance = "32b6e34b3d91647abb20e7b8", "Instance0"

// A mock in a Go test is two lines: the mock, and a client that it takes.
func ExampleNewMock() {
	total := int32(0)
	passed := inTest(func(t *testing.T) {
		api := restorejobs.NewMock(t)
		jobs, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, instance, nil)
		if err != nil {
			t.Fatal(err)
		}
		total = *jobs.ApplicationVndAtlas20230101JSON200.TotalCount
	})
	fmt.Println(total, passed)
	// Output: 250 true
}

// One operation is overridden in types, all others stay faked; expectations are judged when the test ends.
func ExampleMock_OnGetServerlessRestoreJob() {
	var answer *restorejobs.APIError
	passed := inTest(func(t *testing.T) {
		api := restorejobs.NewMock(t)
		api.OnGetServerlessRestoreJob(func(_ context.Context, r restorejobs.GetServerlessRestoreJobRequestObject) (restorejobs.GetServerlessRestoreJobResponseObject, error) {
			return nil, &mock.Fault{Status: http.StatusNotFound, Detail: "job " + r.RestoreJobID + " was archived"}
		})
		api.ExpectGetServerlessRestoreJob().Times(1)
		api.ExpectCreateServerlessRestoreJob().Never()

		job, err := api.Client().GetServerlessRestoreJobWithResponse(t.Context(), group, instance, "00000000000000000000000a", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer = job.JSON404
	})
	fmt.Println(*answer.Error, *answer.Detail)
	fmt.Println("passed:", passed)
	// Output:
	// 404 job 00000000000000000000000a was archived
	// passed: true
}

// A list holds what the test gives it, in types, and what clients create comes on top.
func ExampleMock_SeedListServerlessRestoreJobs() {
	var names []string
	inTest(func(t *testing.T) {
		api := restorejobs.NewMock(t)
		job := restorejobs.ServerlessRestoreJob{DeliveryType: restorejobs.ServerlessRestoreJobDeliveryTypeDownload, TargetClusterName: "Seeded", TargetGroupID: group}
		api.SeedListServerlessRestoreJobs(group, instance, job)

		job.TargetClusterName = "Created"
		_, err := api.Client().CreateServerlessRestoreJobWithApplicationVndAtlas20230101PlusJSONBodyWithResponse(t.Context(), group, instance, nil, job)
		if err != nil {
			t.Fatal(err)
		}
		for _, job := range api.StateListServerlessRestoreJobs(group, instance) {
			names = append(names, job.TargetClusterName)
		}
	})
	fmt.Println(names)
	// Output: [Created Seeded]
}

// A client's retries are tried out by faults of one operation.
func ExampleMock_FaultListServerlessRestoreJobs() {
	status := 0
	inTest(func(t *testing.T) {
		api := restorejobs.NewMock(t)
		api.FaultListServerlessRestoreJobs(mock.Disturbance{ErrorRate: 1, Errors: []int{http.StatusServiceUnavailable}})
		jobs, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, instance, nil)
		if err != nil {
			t.Fatal(err)
		}
		status = jobs.StatusCode()
	})
	fmt.Println(status)
	// Output: 503
}

// inTest runs f as a test does; it tells whether the test passed. Examples have no *testing.T, tests do.
func inTest(f func(t *testing.T)) (passed bool) {
	every := func(string, string) (bool, error) { return true, nil }
	out := os.Stdout
	os.Stdout, _ = os.Open(os.DevNull)
	defer func() { os.Stdout = out }()
	return testing.RunTests(every, []testing.InternalTest{{Name: "TestExample", F: f}})
}
