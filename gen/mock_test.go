package gen_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"troth/gen/restorejobs"
	"troth/mock"
)

// failing is a test that may fail without failing this one.
type failing struct {
	errors   []string
	cleanups []func()
}

func (f *failing) Helper() {}
func (f *failing) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}
func (f *failing) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (f *failing) Cleanup(c func())                  { f.cleanups = append(f.cleanups, c) }

func (f *failing) end() {
	for i := len(f.cleanups) - 1; i >= 0; i-- {
		f.cleanups[i]()
	}
}

func newJob(name string) restorejobs.ServerlessRestoreJob {
	return restorejobs.ServerlessRestoreJob{DeliveryType: restorejobs.ServerlessRestoreJobDeliveryTypeAutomated, TargetClusterName: name, TargetGroupID: group}
}

// An override answers in types, for a group that nobody made known; all other operations stay faked.
func TestMockOverride(t *testing.T) {
	api := restorejobs.NewMock(t)
	api.OnListServerlessRestoreJobs(func(_ context.Context, r restorejobs.ListServerlessRestoreJobsRequestObject) (restorejobs.ListServerlessRestoreJobsResponseObject, error) {
		if *r.Params.PageNum == 7 {
			return nil, mock.ErrFaked
		}
		jobs := []restorejobs.ServerlessRestoreJob{newJob(r.ClusterName)}
		return restorejobs.ListServerlessRestoreJobs200ApplicationVndAtlas20230101PlusJSONResponse{
			RestoreJobPageApplicationVndAtlas20230101PlusJSONResponse: restorejobs.RestoreJobPageApplicationVndAtlas20230101PlusJSONResponse{
				Body: restorejobs.PaginatedServerlessRestoreJobs{Results: &jobs},
			},
		}, nil
	})
	const other = "00000000000000000000000a"
	page := restorejobs.PageNum(3)
	got, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), other, "Mine", &restorejobs.ListServerlessRestoreJobsParams{PageNum: &page})
	if err != nil || got.ApplicationVndAtlas20230101JSON200 == nil || (*got.ApplicationVndAtlas20230101JSON200.Results)[0].TargetClusterName != "Mine" {
		t.Fatalf("%v %s", err, got.Body)
	}
	if got.HTTPResponse.Header.Get("Sunset") == "" {
		t.Error("a declared header is not filled in")
	}
	page = 7
	faked, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, cluster, &restorejobs.ListServerlessRestoreJobsParams{PageNum: &page})
	if err != nil || faked.ApplicationVndAtlas20230101JSON200 == nil || *faked.ApplicationVndAtlas20230101JSON200.TotalCount != 250 {
		t.Errorf("faked for one call: %v %s", err, faked.Body)
	}
	api.OnListServerlessRestoreJobs(nil)
	if none, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), other, "Mine", nil); err != nil || none.StatusCode() != 404 {
		t.Errorf("without the override: %v %s", err, none.Body)
	}
}

// What an override refuses is answered in the document's error shape.
func TestMockFaultOfOverride(t *testing.T) {
	api := restorejobs.NewMock(t)
	api.OnGetServerlessRestoreJob(func(context.Context, restorejobs.GetServerlessRestoreJobRequestObject) (restorejobs.GetServerlessRestoreJobResponseObject, error) {
		return nil, &mock.Fault{Status: http.StatusNotFound, Detail: "gone fishing"}
	})
	got, err := api.Client().GetServerlessRestoreJobWithResponse(t.Context(), group, cluster, "32b6e34b3d91647abb20e7b8", nil)
	if err != nil || got.JSON404 == nil || *got.JSON404.Detail != "gone fishing" || *got.JSON404.Error != 404 {
		t.Errorf("%v %s", err, got.Body)
	}
}

// An override whose answer breaks the document fails the test, and the client gets 500.
func TestMockBrokenOverride(t *testing.T) {
	f := &failing{}
	api := restorejobs.NewMock(f)
	api.OnGetServerlessRestoreJob(func(context.Context, restorejobs.GetServerlessRestoreJobRequestObject) (restorejobs.GetServerlessRestoreJobResponseObject, error) {
		return restorejobs.GetServerlessRestoreJob200ApplicationVndAtlas20230101PlusJSONResponse{
			RestoreJobApplicationVndAtlas20230101PlusJSONResponse: restorejobs.RestoreJobApplicationVndAtlas20230101PlusJSONResponse{
				Body: restorejobs.ServerlessRestoreJob{DeliveryType: "carried", TargetGroupID: group, TargetClusterName: "x"},
			},
		}, nil
	})
	got, err := api.Client().GetServerlessRestoreJobWithResponse(t.Context(), group, cluster, "32b6e34b3d91647abb20e7b8", nil)
	f.end()
	if err != nil || got.StatusCode() != 500 {
		t.Errorf("%v %s", err, got.Body)
	}
	want(t, f, "getServerlessRestoreJob breaks the document: body at /deliveryType: enum: want one of automated, download, pointInTime, got \"carried\" (restore-jobs.yaml:")
}

// want wants the one failure of a test to contain the texts.
func want(t *testing.T, f *failing, texts ...string) {
	t.Helper()
	if len(f.errors) != 1 {
		t.Fatalf("%d failures, want 1: %q", len(f.errors), f.errors)
	}
	for _, text := range texts {
		if !strings.Contains(f.errors[0], text) {
			t.Errorf("no %q in: %s", text, f.errors[0])
		}
	}
}

// A client that breaks the document fails the test: parameter and line are named.
func TestMockInvalidRequest(t *testing.T) {
	f := &failing{}
	api := restorejobs.NewMock(f)
	size := restorejobs.ItemsPerPage(501)
	if _, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, cluster, &restorejobs.ListServerlessRestoreJobsParams{ItemsPerPage: &size}); err != nil {
		t.Fatal(err)
	}
	f.end()
	want(t, f, "query parameter itemsPerPage: maximum: want at most 500, got 501 (restore-jobs.yaml:", "mock.WithInvalidRequests")

	f = &failing{}
	api = restorejobs.NewMock(f, mock.WithInvalidRequests())
	if got, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, cluster, &restorejobs.ListServerlessRestoreJobsParams{ItemsPerPage: &size}); err != nil || got.StatusCode() != 400 {
		t.Errorf("%v %s", err, got.Body)
	}
	if f.end(); f.errors != nil || len(api.Calls("listServerlessRestoreJobs")[0].Violations) != 1 {
		t.Errorf("on purpose: %q", f.errors)
	}
}

// Expectations count calls, by types where they are given, and tell what differs.
func TestMockExpectations(t *testing.T) {
	f := &failing{}
	api := restorejobs.NewMock(f)
	api.ExpectCreateServerlessRestoreJob().Times(1)
	wanted := newJob("B")
	api.ExpectCreateServerlessRestoreJob().With(restorejobs.CreateServerlessRestoreJobRequestObject{GroupID: group, ClusterName: cluster, Body: &wanted}).Times(1)
	api.ExpectCreateServerlessRestoreJob().Where(func(r restorejobs.CreateServerlessRestoreJobRequestObject) bool { return r.ClusterName == cluster }).AtLeast(1)
	api.ExpectListServerlessRestoreJobs().Never()
	create := func(name string) {
		_, err := api.Client().CreateServerlessRestoreJobWithApplicationVndAtlas20230101PlusJSONBodyWithResponse(t.Context(), group, cluster, nil, newJob(name))
		if err != nil {
			t.Fatal(err)
		}
	}
	create("A")
	if calls := api.CallsCreateServerlessRestoreJob(); len(calls) != 1 || calls[0].Body.TargetClusterName != "A" || calls[0].GroupID != group {
		t.Errorf("calls: %+v", calls)
	}
	f.end()
	want(t, f, "mock_test.go:", "got 0 calls with this request, want 1", "POST /api/atlas/v2/groups/", "differs:", `"B"`, `"A"`)

	f = &failing{}
	api = restorejobs.NewMock(f)
	api.ExpectGetServerlessRestoreJob().Never()
	api.ExpectListServerlessRestoreJobs()
	for range 2 {
		if _, err := api.Client().GetServerlessRestoreJobWithResponse(t.Context(), group, cluster, "32b6e34b3d91647abb20e7b8", nil); err != nil {
			t.Fatal(err)
		}
	}
	f.end()
	if len(f.errors) != 2 || !strings.Contains(f.errors[0], "getServerlessRestoreJob: got 2 calls, want none\n  1. GET ") || !strings.Contains(f.errors[1], "got 0 calls, want 1 or more") {
		t.Errorf("%q", f.errors)
	}
}

// Digest handshakes are no calls.
func TestMockCountsCalls(t *testing.T) {
	api := restorejobs.NewMock(t, mock.WithCredentials(mock.Credentials{Users: map[string]string{"u": "p"}}))
	api.ExpectListServerlessRestoreJobs().Times(1)
	got, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, cluster, nil)
	if err != nil || got.StatusCode() != 200 {
		t.Errorf("%v %s", err, got.Body)
	}
}

// A seeded list holds exactly what it was given; what clients create comes on top, in types.
func TestMockSeed(t *testing.T) {
	api := restorejobs.NewMock(t)
	const mine = "00000000000000000000000a"
	api.SeedListServerlessRestoreJobs(mine, "Mine", newJob("A"), newJob("B"))
	got, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), mine, "Mine", nil)
	if err != nil || got.ApplicationVndAtlas20230101JSON200 == nil || *got.ApplicationVndAtlas20230101JSON200.TotalCount != 2 {
		t.Fatalf("%v %s", err, got.Body)
	}
	if _, err := api.Client().CreateServerlessRestoreJobWithApplicationVndAtlas20230101PlusJSONBodyWithResponse(t.Context(), mine, "Mine", nil, newJob("C")); err != nil {
		t.Fatal(err)
	}
	jobs := api.StateListServerlessRestoreJobs(mine, "Mine")
	if len(jobs) != 3 || jobs[0].TargetClusterName != "C" || jobs[2].TargetClusterName != "B" || jobs[2].ID == nil {
		t.Fatalf("%+v", jobs)
	}
	one, err := api.Client().GetServerlessRestoreJobWithResponse(t.Context(), mine, "Mine", *jobs[2].ID, nil)
	if err != nil || one.ApplicationVndAtlas20230101JSON200 == nil || one.ApplicationVndAtlas20230101JSON200.TargetClusterName != "B" {
		t.Errorf("%v %s", err, one.Body)
	}
	state := api.State()
	if api.Reset(); len(api.StateListServerlessRestoreJobs(mine, "Mine")) != 250 {
		t.Error("reset leaves something")
	}
	if err := api.Server.SetState(state); err != nil || len(api.StateListServerlessRestoreJobs(mine, "Mine")) != 3 {
		t.Errorf("state handed on: %v", err)
	}
}

// Items that break their schema are refused by name and line.
func TestMockSeedRefuses(t *testing.T) {
	api := restorejobs.NewMock(t)
	bad := newJob("A")
	bad.DeliveryType = "carried"
	err := api.Server.Seed("listServerlessRestoreJobs", []string{group, cluster}, newJob("B"), bad)
	if err == nil || !strings.Contains(err.Error(), "item 1: body at /deliveryType: enum") || !strings.Contains(err.Error(), "restore-jobs.yaml:") {
		t.Errorf("%v", err)
	}
	for what, err := range map[string]error{
		"lists no collection": api.Server.Seed("getServerlessRestoreJob", nil),
		"want one of":         api.Server.Seed("listJobs", nil),
		"2 variables":         api.Server.Seed("listServerlessRestoreJobs", []string{group}),
		"its schema":          api.Server.Seed("listServerlessRestoreJobs", []string{"x", cluster}),
	} {
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("want %q: %v", what, err)
		}
	}
}

// Faults of one operation leave the others alone, and end.
func TestMockFault(t *testing.T) {
	api := restorejobs.NewMock(t)
	api.FaultListServerlessRestoreJobs(mock.Disturbance{ErrorRate: 1, Errors: []int{503}})
	list := func() int {
		got, err := api.Client().ListServerlessRestoreJobsWithResponse(t.Context(), group, cluster, nil)
		if err != nil {
			t.Fatal(err)
		}
		return got.StatusCode()
	}
	id := *api.StateListServerlessRestoreJobs(group, cluster)[0].ID
	get := func() int {
		got, err := api.Client().GetServerlessRestoreJobWithResponse(t.Context(), group, cluster, id, nil)
		if err != nil {
			t.Fatal(err)
		}
		return got.StatusCode()
	}
	if list() != 503 || get() != 200 {
		t.Error("want 503 for the list alone")
	}
	api.Fault(mock.Disturbance{ErrorRate: 1, Errors: []int{500}})
	if list() != 503 || get() != 500 {
		t.Error("the fault of an operation goes over that of all")
	}
	api.Fault()
	api.FaultListServerlessRestoreJobs()
	if list() != 200 || get() != 200 {
		t.Error("the faults do not end")
	}
}
