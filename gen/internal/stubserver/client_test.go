package stubserver_test

import (
	"context"
	"net/http"
	"testing"

	"troth/gen/internal/stubserver"
	"troth/gen/restorejobs"
)

// The generated client and the generated server understand one another, by types only.
func TestGeneratedClient(t *testing.T) {
	token := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+stubserver.Token)
		return nil
	}
	client, err := restorejobs.NewClientWithResponses(start(t).URL, restorejobs.WithRequestEditorFn(token))
	if err != nil {
		t.Fatal(err)
	}
	ctx, size := t.Context(), 5
	list, err := client.ListServerlessRestoreJobsWithResponse(ctx, stubserver.GroupID, stubserver.ClusterName, &restorejobs.ListServerlessRestoreJobsParams{ItemsPerPage: &size})
	if err != nil || list.ApplicationVndAtlas20230101JSON200 == nil {
		t.Fatalf("list: %v, %s", err, list.Status())
	}
	page := list.ApplicationVndAtlas20230101JSON200
	if len(*page.Results) != 5 || *page.TotalCount != stubserver.Jobs || *list.Headers200.RateLimitLimit != 1200 {
		t.Errorf("list: %d of %d, limit %d", len(*page.Results), *page.TotalCount, *list.Headers200.RateLimitLimit)
	}
	created, err := client.CreateServerlessRestoreJobWithApplicationVndAtlas20230101PlusJSONBodyWithResponse(ctx, stubserver.GroupID, stubserver.ClusterName, nil, restorejobs.NewRestoreJob{
		DeliveryType:      restorejobs.ServerlessRestoreJobDeliveryTypeDownload,
		TargetClusterName: "Target1", TargetGroupID: stubserver.GroupID,
	})
	if err != nil || created.ApplicationVndAtlas20230101JSON200 == nil {
		t.Fatalf("create: %v, %s", err, created.Body)
	}
	got, err := client.GetServerlessRestoreJobWithResponse(ctx, stubserver.GroupID, stubserver.ClusterName, *created.ApplicationVndAtlas20230101JSON200.ID, nil)
	if err != nil || got.ApplicationVndAtlas20230101JSON200 == nil || got.ApplicationVndAtlas20230101JSON200.TargetClusterName != "Target1" {
		t.Errorf("get: %v, %s", err, got.Body)
	}
	absent, err := client.GetServerlessRestoreJobWithResponse(ctx, "32b6e34b3d91647abb20e7b9", stubserver.ClusterName, "000000000000000000000000", nil)
	if err != nil || absent.JSON404 == nil || *absent.JSON404.Error != 404 || *absent.JSON404.ErrorCode != "GROUP_NOT_FOUND" {
		t.Errorf("get of an unknown group: %v, %s", err, absent.Body)
	}
}
