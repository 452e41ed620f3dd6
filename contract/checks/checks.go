// Package checks holds the promises that troth judges an API by: one file each, and All, which lists them in the order of the
// report. CONTRIBUTING.md tells how to add one.
package checks

import (
	"context"
	"net/http"
	"strings"

	"troth/contract"
	"troth/openapi"
)

// All lists every check, in the order of reports.
func All() []contract.Check {
	return []contract.Check{
		notAServerError(), // first of those that judge every answer: it provokes some
		statusDeclared(),
		contentTypeDeclared(),
		bodyMatchesSchema(),
		rulesKept(),
		headersMatchSchema(),
		headersPromised(),
		httpDates(),
		headerOnce(),
		entityTag(),
		requestID(),
		sharedCaches(),
		rateLimit(),
		unknownMembers(),
		singleAgrees(),
		itemLinks(),
		parameterConstraints(),
		parameterBoundaries(),
		pageSizeHonoured(),
		pageEcho(),
		parentAgrees(),
		filterHonoured(),
		filterKept(),
		filterComplete(),
		filterUnknown(),
		filtersTogether(),
		filterSpecial(),
		searchNarrows(),
		rangeFilters(),
		sortHonoured(),
		sortPages(),
		sortDefault(),
		filterSorted(),
		pageLimitsEnforced(),
		pageDefault(),
		pageDisjoint(),
		pageComplete(),
		pageOrderStable(),
		pagePrefix(),
		totalExact(),
		totalConstant(),
		totalSwitch(),
		linksWalk(),
		linkTargets(),
		linkLast(),
		linkField(),
		offsetShift(),
		offsetLinks(),
		cursorTampering(),
		cursorRepeats(),
		cursorParent(),
		pastTheEnd(),
		emptyList(),
		representation(), // reads what stays known until unknown-method may change something
		errorShape(),
		errorStatusMember(),
		errorReason(),
		errorCode(),
		errorLeak(),
		retryAfter(),
		operationAnswered(),
		unknownMethod(),
		traceEcho(),
		authenticationRequired(),
		credentialsAccepted(),
		publicAnswered(),
		tenantIsolation(),
		unknownItem(),
		unknownParent(),
		unknownPath(),
		acceptHonoured(),
		acceptRanges(),
		acceptExcluded(),
		versionBeforeFirst(),
		headEqualsGet(),
		preconditions(),
		unmodified(),
		outdatedRefused(),
		noneMatch(),
		conditionDemanded(),
		gzipDecodes(),
		repeatable(),
		totalSteady(),
		itemsSteady(),
		linksSteady(),
		sideBySide(),
		bodyConstraints(),
		bodyBoundaries(),
		refusedUnchanged(),
		conflicts(),
		uniqueKept(),
		createdExists(),
		valuesKept(),
		createdKinds(),
		createdDistinct(),
		createdStays(),
		createdOnce(),
		listCurrent(),
		createdLocation(),
		createdAnswer(),
		writeTag(),
		readOnlyIgnored(),
		writeOnlyHidden(),
		changeTaken(),
		updateKept(),
		changeAlone(),
		emptyPatch(),
		unknownChanged(),
		lostUpdate(),
		changesTogether(),
		putReplaces(),
		mergePatch(),
		deletedGone(),
		deletedChildren(),
		idempotencyKey(),
		parentBinds(),
	}
}

func always(*contract.Subject) bool { return true }

// undeclaredIsUsual are statuses that servers send for reasons of HTTP itself; a document that leaves them out is incomplete rather than
// wrong.
func undeclaredIsUsual(status int) bool {
	switch status {
	case http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusTooManyRequests, http.StatusNotImplemented, http.StatusServiceUnavailable:
		return true
	}
	return false
}

// eachProbe runs judge on the general probes and on every other answer that the operation's checks saw. Where all is well but the ordinary
// request did not succeed, nothing was judged: that is an error, not a pass.
func eachProbe(ctx context.Context, c *contract.Case, judge func(*contract.Exchange) []contract.Finding) ([]contract.Finding, error) {
	return eachExchange(ctx, c, func(x *contract.Exchange) []contract.Finding {
		if x.NoAnswer != nil || x.BodyErr != nil && mayBeUnread(x) {
			return nil // not-a-server-error tells of the first
		}
		return judge(x)
	})
}

// eachExchange is eachProbe that also looks at requests which got no response.
func eachExchange(ctx context.Context, c *contract.Case, judge func(*contract.Exchange) []contract.Finding) ([]contract.Finding, error) {
	if _, err := c.Probes(ctx); err != nil {
		return nil, err
	}
	var findings []contract.Finding
	for _, x := range c.Seen() {
		findings = append(findings, judge(x)...)
	}
	if len(findings) > 0 {
		return findings, nil
	}
	_, err := c.Ordinary(ctx)
	return nil, err
}

// responseOf is the response that an answer is judged by: the one of its status, else for a success that no response is declared for, the
// declared success: that the status is another one must not hide what else is wrong.
func responseOf(c *contract.Case, x *contract.Exchange) *openapi.Response {
	r := c.Op.Response(x.Status)
	if r == nil && x.OK() && len(x.Body) > 0 {
		r, _ = c.Op.Success()
	}
	return r
}

// contentOf is the declared content that a response's Content-Type names, nil where it names none.
func contentOf(r *openapi.Response, x *contract.Exchange) *openapi.Content {
	m, ok := x.MediaType()
	if r == nil || !ok {
		return nil
	}
	return r.ContentFor(m)
}

func typesOf(contents []*openapi.Content) string {
	var types []string
	for _, c := range contents {
		types = append(types, c.Type.String())
	}
	return strings.Join(types, ", ")
}

// quote shortens what was found for a report.
func quote(s string) string {
	const most = 120
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
