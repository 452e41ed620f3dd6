package stubserver

import (
	"context"
	"net/url"

	"github.com/labstack/echo/v4"

	"troth/gen/restorejobs"
)

// api implements the operations.
type api struct{ jobs *store }

var _ restorejobs.StrictServerInterface = (*api)(nil)

// ListServerlessRestoreJobs answers one page, newest jobs first.
func (a *api) ListServerlessRestoreJobs(ctx context.Context, r restorejobs.ListServerlessRestoreJobsRequestObject) (restorejobs.ListServerlessRestoreJobsResponseObject, error) {
	if absent := unknown(r.GroupID, r.ClusterName); absent != nil {
		return restorejobs.ListServerlessRestoreJobs404JSONResponse{NotFoundJSONResponse: restorejobs.NotFoundJSONResponse(absent.body())}, nil
	}
	body := pageOf(a.jobs.list(), r.Params, requestURL(ctx))
	return restorejobs.ListServerlessRestoreJobs200ApplicationVndAtlas20230101PlusJSONResponse{
		RestoreJobPageApplicationVndAtlas20230101PlusJSONResponse: restorejobs.RestoreJobPageApplicationVndAtlas20230101PlusJSONResponse{
			Body: body, Headers: restorejobs.RestoreJobPageResponseHeaders(headers()),
		},
	}, nil
}

// CreateServerlessRestoreJob stores a job and answers it.
func (a *api) CreateServerlessRestoreJob(ctx context.Context, r restorejobs.CreateServerlessRestoreJobRequestObject) (restorejobs.CreateServerlessRestoreJobResponseObject, error) {
	if absent := unknown(r.GroupID, r.ClusterName); absent != nil {
		return restorejobs.CreateServerlessRestoreJob404JSONResponse{NotFoundJSONResponse: restorejobs.NotFoundJSONResponse(absent.body())}, nil
	}
	j := a.jobs.add(*r.Body)
	return restorejobs.CreateServerlessRestoreJob200ApplicationVndAtlas20230101PlusJSONResponse{
		RestoreJobApplicationVndAtlas20230101PlusJSONResponse: single(j, requestURL(ctx).JoinPath(*j.ID)),
	}, nil
}

// GetServerlessRestoreJob answers one job.
func (a *api) GetServerlessRestoreJob(ctx context.Context, r restorejobs.GetServerlessRestoreJobRequestObject) (restorejobs.GetServerlessRestoreJobResponseObject, error) {
	absent := unknown(r.GroupID, r.ClusterName)
	j, ok := a.jobs.find(r.RestoreJobID)
	if absent == nil && !ok {
		absent = notFound("RESTORE_JOB_NOT_FOUND", "No restore job with ID %s exists for cluster %s.", r.RestoreJobID, r.ClusterName)
	}
	if absent != nil {
		return restorejobs.GetServerlessRestoreJob404JSONResponse{NotFoundJSONResponse: restorejobs.NotFoundJSONResponse(absent.body())}, nil
	}
	return restorejobs.GetServerlessRestoreJob200ApplicationVndAtlas20230101PlusJSONResponse{
		RestoreJobApplicationVndAtlas20230101PlusJSONResponse: single(j, requestURL(ctx)),
	}, nil
}

// unknown refuses groups and instances other than the one there is; nil: it is the one.
func unknown(group, cluster string) *refusal {
	if group != GroupID {
		return notFound("GROUP_NOT_FOUND", "No group with ID %s exists.", group)
	}
	if cluster != ClusterName {
		return notFound("SERVERLESS_INSTANCE_NOT_FOUND", "No serverless instance named %s exists in group %s.", cluster, group)
	}
	return nil
}

// pageOf is the page of the jobs that the parameters ask for.
func pageOf(jobs []job, asked restorejobs.ListServerlessRestoreJobsParams, at *url.URL) restorejobs.PaginatedServerlessRestoreJobs {
	p := page{number: or(asked.PageNum, 1), size: or(asked.ItemsPerPage, 100), total: len(jobs)}
	first, end := p.bounds()
	results, links := []job{}, p.links(at)
	for _, j := range jobs[first:end] {
		results = append(results, linked(j, at.JoinPath(*j.ID)))
	}
	body := restorejobs.PaginatedServerlessRestoreJobs{Results: &results, Links: &links}
	if or(asked.IncludeCount, true) {
		total := int32(len(jobs))
		body.TotalCount = &total
	}
	return body
}

// single is the answer that holds one job.
func single(j job, at *url.URL) restorejobs.RestoreJobApplicationVndAtlas20230101PlusJSONResponse {
	return restorejobs.RestoreJobApplicationVndAtlas20230101PlusJSONResponse{Body: linked(j, at), Headers: headers()}
}

// linked is the job with its link to itself.
func linked(j job, at *url.URL) job {
	there := *at
	there.RawQuery = ""
	j.Links = &[]restorejobs.Link{link("self", there.String())}
	return j
}

// headers are those of every success. The rate is a promise of room, not a count: nothing is limited here.
func headers() restorejobs.RestoreJobResponseHeaders {
	limit, remaining := 1200, 1199
	deprecation, sunset := "Wed, 10 Dec 2025 00:00:00 GMT", "Thu, 22 Jan 2026 00:00:00 GMT"
	return restorejobs.RestoreJobResponseHeaders{
		RateLimitLimit: &limit, RateLimitRemaining: &remaining, Deprecation: &deprecation, Sunset: &sunset,
	}
}

func or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}

// urlKey is the context's key for the request's absolute URL.
type urlKey struct{}

// rememberURL puts the request's absolute URL into its context: strict handlers see no more of a request than that.
func rememberURL(next restorejobs.StrictHandlerFunc, _ string) restorejobs.StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		r := c.Request()
		at := *r.URL
		at.Scheme, at.Host = c.Scheme(), r.Host
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), urlKey{}, &at)))
		return next(c, request)
	}
}

func requestURL(ctx context.Context) *url.URL {
	at, _ := ctx.Value(urlKey{}).(*url.URL)
	return at
}
