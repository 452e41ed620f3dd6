package checks

import (
	"context"
	"slices"
	"strings"

	"troth/contract"
	"troth/openapi"
)

// headLacks finds a declared header field that each GET is answered with, and HEAD never: those that say something of the body alone may be left out
// (RFC 9110 §9.3.2).
func headLacks(ctx context.Context, c *contract.Case, head, get *contract.Exchange) ([]contract.Finding, error) {
	lacking := lacks(c, head, get)
	if len(lacking) == 0 {
		return nil, nil
	}
	for range 2 {
		again, err := c.Ask(ctx, "HEAD", contract.Method(head.Method), contract.Again())
		if err != nil {
			return nil, err
		}
		behind, err := c.Ask(ctx, "ordinary request", contract.Again())
		if err != nil {
			return nil, err
		}
		still := lacks(c, again, behind)
		if lacking = slices.DeleteFunc(lacking, func(h *openapi.Header) bool { return !slices.Contains(still, h) }); len(lacking) == 0 {
			return nil, nil
		}
	}
	f := c.New(head, "header "+lacking[0].Name+" of HEAD", "", "there", lacking[0].Name+": "+quote(get.Header.Get(lacking[0].Name))+", as GET is answered", "none", lacking[0].Place.FileLine())
	return []contract.Finding{f.And(get).At(contract.Should)}, nil
}

// lacks are the declared header fields of an answer to GET that the one to HEAD does not have.
func lacks(c *contract.Case, head, get *contract.Exchange) (list []*openapi.Header) {
	r := c.Op.Response(get.Status)
	if r == nil || head.Status != get.Status {
		return nil
	}
	for _, h := range r.Headers {
		if len(get.Header.Values(h.Name)) > 0 && len(head.Header.Values(h.Name)) == 0 && (!ofBody(h.Name) || validates(c, h.Name)) {
			list = append(list, h)
		}
	}
	return list
}

// validates tells whether a header field is the one that conditional requests of the operation go by: the server knows it without a body.
func validates(c *contract.Case, name string) bool {
	switch strings.ToLower(name) {
	case "etag":
		return c.Op.Parameter("header", "If-None-Match") != nil
	case "last-modified":
		return c.Op.Parameter("header", "If-Modified-Since") != nil
	}
	return false
}

// headTag finds an ETag of HEAD that is not GET's, though GET's stays the same.
func headTag(ctx context.Context, c *contract.Case, head, get *contract.Exchange) ([]contract.Finding, error) {
	told, due := head.Header.Get("ETag"), get.Header.Get("ETag")
	if told == "" || due == "" || told == due || head.Status != get.Status {
		return nil, nil
	}
	again, err := c.Ask(ctx, "HEAD", contract.Method(head.Method), contract.Again())
	if err != nil {
		return nil, err
	}
	behind, err := c.Ask(ctx, "ordinary request", contract.Again())
	if err != nil || behind.Header.Get("ETag") != due || again.Header.Get("ETag") == due {
		return nil, err
	}
	return []contract.Finding{c.New(again, "header ETag of HEAD", "", "same", due+", as GET is answered", told, c.Op.Place.FileLine()).And(behind).At(contract.Should)}, nil
}

// ofBody tells whether a header field may be known only once a body is made.
func ofBody(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "etag", "last-modified", "link", "vary", "transfer-encoding", "trailer", "digest", "accept-ranges", "set-cookie", "age", "date", "expires", "retry-after":
		return true
	}
	return strings.HasPrefix(name, "content-") || strings.Contains(name, "total") || strings.Contains(name, "count") || strings.HasSuffix(name, "id")
}
