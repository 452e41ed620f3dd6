package atlas

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"troth/openapi"
	"troth/openapi/schema"
)

const (
	hex24       = " pattern=^([a-f0-9]{24})$"
	clusterLike = " pattern=^[a-zA-Z0-9][a-zA-Z0-9-]*$"
	version1    = "application/vnd.atlas.2023-01-01+json"
)

func compiled(t *testing.T, id string) *openapi.Compiled {
	t.Helper()
	d, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	o := d.Operation(id)
	if o == nil {
		t.Fatalf("the document has no operation %s", id)
	}
	c, err := o.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// constraints writes down all that a schema demands, so that a table can hold it.
func constraints(s *schema.Schema) string {
	var b strings.Builder
	b.WriteString(s.Types.String())
	add := func(present bool, format string, value any) {
		if present {
			fmt.Fprintf(&b, " "+format, value)
		}
	}
	add(s.Format != "", "format=%s", s.Format)
	add(s.Pattern != nil, "pattern=%v", s.Pattern)
	add(s.Enum != nil, "enum=%v", s.Enum)
	add(s.Minimum != "", "minimum=%s", s.Minimum)
	add(s.Maximum != "", "maximum=%s", s.Maximum)
	add(s.ExclusiveMinimum != "", "exclusiveMinimum=%s", s.ExclusiveMinimum)
	add(s.ExclusiveMaximum != "", "exclusiveMaximum=%s", s.ExclusiveMaximum)
	add(s.MultipleOf != "", "multipleOf=%s", s.MultipleOf)
	add(s.HasDefault, "default=%v", s.Default)
	add(s.MinLength >= 0, "minLength=%d", s.MinLength)
	add(s.MaxLength >= 0, "maxLength=%d", s.MaxLength)
	add(s.MinItems >= 0, "minItems=%d", s.MinItems)
	add(s.MaxItems >= 0, "maxItems=%d", s.MaxItems)
	add(s.UniqueItems, "uniqueItems=%v", true)
	add(s.AdditionalProperties != nil, "additionalProperties=%v", true)
	add(s.Items != nil && s.Items.Name == "", "items=(%s)", itemConstraints(s))
	add(s.Items != nil && s.Items.Name != "", "items=%s", itemConstraints(s))
	add(len(s.Required) > 0, "required=%v", s.Required)
	add(s.ReadOnly, "%s", "readOnly")
	add(s.WriteOnly, "%s", "writeOnly")
	return b.String()
}

func itemConstraints(s *schema.Schema) string {
	switch {
	case s.Items == nil:
		return ""
	case s.Items.Name != "":
		return s.Items.Name
	}
	return constraints(s.Items)
}

func TestParameterConstraints(t *testing.T) {
	parameters := map[string]string{
		"path groupId":       "required string" + hex24 + " example=32b6e34b3d91647abb20e7b8",
		"path clusterName":   "required string" + clusterLike + " example=Instance0",
		"path restoreJobId":  "required string" + hex24,
		"query envelope":     "boolean default=false",
		"query includeCount": "boolean default=true",
		"query itemsPerPage": "integer minimum=1 maximum=500 default=100",
		"query pageNum":      "integer minimum=1 default=1",
		"query pretty":       "boolean default=false",
	}
	of := map[string][]string{
		"listServerlessRestoreJobs":  {"path groupId", "path clusterName", "query envelope", "query includeCount", "query itemsPerPage", "query pageNum", "query pretty"},
		"createServerlessRestoreJob": {"path groupId", "path clusterName", "query envelope", "query pretty"},
		"getServerlessRestoreJob":    {"path groupId", "path clusterName", "path restoreJobId", "query envelope", "query pretty"},
	}
	for id, want := range of {
		var names []string
		for _, p := range compiled(t, id).Parameters {
			key := p.In + " " + p.Name
			names = append(names, key)
			if got := parameterConstraints(p); got != parameters[key] {
				t.Errorf("%s: %s: got %q, want %q", id, key, got, parameters[key])
			}
		}
		slices.Sort(names)
		slices.Sort(want)
		if !slices.Equal(names, want) {
			t.Errorf("%s: got parameters %q, want %q", id, names, want)
		}
	}
}

func parameterConstraints(p *openapi.Parameter) string {
	text := constraints(p.Schema)
	if p.Required {
		text = "required " + text
	}
	for _, e := range p.Examples {
		text += fmt.Sprintf(" example=%v", e.Value)
	}
	return text
}

func TestSchemaConstraints(t *testing.T) {
	list, get := compiled(t, "listServerlessRestoreJobs"), compiled(t, "getServerlessRestoreJob")
	page, job := list.Response(200).JSON().Schema, get.Response(200).JSON().Schema
	failure := get.Response(404).JSON().Schema
	detail := failure.Find("badRequestDetail")
	const moment = "string format=date-time readOnly"
	tables := []struct {
		schema  *schema.Schema
		name    string
		whole   string
		members map[string]string
	}{
		{page, "PaginatedServerlessRestoreJobs", "object required=[results]", map[string]string{
			"links": "array items=Link readOnly", "results": "array items=ServerlessRestoreJob readOnly",
			"totalCount": "integer format=int32 minimum=0 readOnly",
		}},
		{job, "ServerlessRestoreJob", "object required=[deliveryType targetClusterName targetGroupId]", map[string]string{
			"cancelled": "boolean readOnly", "expired": "boolean readOnly", "failed": "boolean readOnly",
			"deliveryType": "string enum=[automated download pointInTime]", "deliveryUrl": "array items=(string) readOnly",
			"desiredTimestamp": "object readOnly", "expiresAt": moment, "finishedAt": moment, "timestamp": moment,
			"id": "string" + hex24 + " readOnly", "links": "array items=Link readOnly",
			"oplogInc": "integer format=int32 minimum=1", "oplogTs": "integer format=int32 minimum=1199145600",
			"pointInTimeUTCSeconds": "integer format=int32 minimum=1199145600",
			"snapshotId":            "string" + hex24, "targetClusterName": "string" + clusterLike, "targetGroupId": "string" + hex24,
		}},
		{job.Find("desiredTimestamp"), "BsonTimestamp", "object readOnly", map[string]string{
			"date": moment, "increment": "integer format=int32 minimum=1199145600 readOnly",
		}},
		{page.Find("links").Items, "Link", "object", map[string]string{"href": "string", "rel": "string"}},
		{failure, "ApiError", "object required=[error errorCode]", map[string]string{
			"badRequestDetail": "object or null readOnly", "detail": "string or null", "error": "integer format=int32 readOnly",
			"errorCode": "string readOnly", "parameters": "array items=() readOnly", "reason": "string or null readOnly",
		}},
		{detail, "BadRequestDetail", "object or null readOnly", map[string]string{"fields": "array items=FieldViolation"}},
		{detail.Find("fields").Items, "FieldViolation", "object required=[description field]", map[string]string{
			"description": "string", "field": "string",
		}},
	}
	for _, table := range tables {
		t.Run(table.name, func(t *testing.T) {
			if got := constraints(table.schema); table.schema.Name != table.name || got != table.whole {
				t.Errorf("got %s: %q, want %s: %q", table.schema.Name, got, table.name, table.whole)
			}
			judgeMembers(t, table.schema, table.members)
		})
	}
}

func judgeMembers(t *testing.T, s *schema.Schema, want map[string]string) {
	t.Helper()
	for _, p := range s.Properties {
		if got := constraints(p.Schema); got != want[p.Name] {
			t.Errorf("%s: got %q, want %q", p.Name, got, want[p.Name])
		}
		if p.Schema.Description == "" {
			t.Errorf("%s: has no description", p.Name)
		}
	}
	if len(s.Properties) != len(want) {
		t.Errorf("got %d members, want %d", len(s.Properties), len(want))
	}
}
