package checks

import (
	"net/http"
	"slices"
	"time"

	"troth/contract"
	"troth/openapi"
)

// ends tells whether the document says when an operation, or a version of its answers, ends.
func ends(op *openapi.Compiled) bool {
	r, _ := op.Success()
	return r != nil && (op.Extension(sunsetExtension) != nil ||
		slices.ContainsFunc(r.Content, func(content *openapi.Content) bool { return content.Place.Node.Get(sunsetExtension) != nil }))
}

const sunsetExtension = "x-sunset"

// sunsetElsewhen finds a Sunset that is another day than the document's. A day has no zone: a day more or less is none of it.
func sunsetElsewhen(c *contract.Case, x *contract.Exchange) *contract.Finding {
	told, err := http.ParseTime(x.Header.Get("Sunset"))
	if err != nil {
		return nil
	}
	text := c.Op.Extension(sunsetExtension).Text()
	if content := contentOf(responseOf(c, x), x); content != nil && content.Place.Node.Get(sunsetExtension) != nil {
		text = content.Place.Node.Get(sunsetExtension).Text()
	}
	day, err := time.Parse(time.DateOnly, text[:min(len(text), len(time.DateOnly))])
	if err != nil || told.Sub(day).Abs() <= 24*time.Hour {
		return nil
	}
	f := c.New(x, "header Sunset", "", sunsetExtension, text, told.Format(http.TimeFormat), c.Op.Place.FileLine()).At(contract.Should)
	return &f
}
