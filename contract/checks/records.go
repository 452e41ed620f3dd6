package checks

import (
	"encoding/csv"
	"errors"
	"strings"

	"troth/contract"
	"troth/openapi"
	"troth/openapi/schema"
)

// judgeRecords judges a body of records by its schema, and CSV by its syntax where the schema only says that it is a text.
func judgeRecords(c *contract.Case, x *contract.Exchange, content *openapi.Content) (findings []contract.Finding) {
	add := func(pointer, keyword, want, got, from string) {
		findings = append(findings, c.New(x, "body", pointer, keyword, want, got, from).At(contract.Should))
	}
	value, judged, broken := openapi.DecodeBody(content, content.Type, x.Body)
	for _, v := range broken {
		add("", v.Keyword, v.Want, v.Got, content.Place.FileLine())
	}
	if text, raw := value.(string); raw && content.Type.Subtype == "csv" {
		if err := fieldsAlike(text); err != nil {
			add("", "csv", "records of as many fields each, in quotes where they hold commas, quotes or line breaks (RFC 4180 §2)", err.Error(), content.Place.FileLine())
		}
		return findings
	}
	if judged && content.Schema != nil && len(broken) == 0 {
		for _, v := range content.Schema.Validate(value, schema.Response) {
			add(v.Pointer, v.Keyword, v.Want, v.Got, v.Schema.FileLine())
		}
	}
	return findings
}

// fieldsAlike is why a text is no CSV. Semicolons and tabs separate fields in many exports, and are read where they do.
func fieldsAlike(text string) error {
	_, err := fieldsBy(text, ',')
	for _, separator := range ";\t" {
		if err == nil {
			break
		}
		if fields, other := fieldsBy(text, separator); other == nil && fields > 1 {
			err = nil
		}
	}
	return err
}

// fieldsBy counts the fields of each record. Quotes within a field that has none around it are common, and read as they stand.
func fieldsBy(text string, separator rune) (fields int, err error) {
	for _, lazy := range []bool{false, true} {
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.LazyQuotes = separator, lazy
		if _, err = r.ReadAll(); !errors.Is(err, csv.ErrBareQuote) {
			return r.FieldsPerRecord, err
		}
	}
	return 0, err
}
