package stubserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
)

// secondsMin is the least number of seconds that the document admits for a point in time.
const secondsMin = 1199145600

// members are the rules of a job's members that a client may send; those that the document marks readOnly are ignored.
var members = map[string]func(value any) error{
	"deliveryType":          oneOf("automated", "download", "pointInTime"),
	"targetClusterName":     text(matches(instanceName)),
	"targetGroupId":         text(matches(objectID)),
	"snapshotId":            text(matches(objectID)),
	"oplogInc":              int32From(1),
	"oplogTs":               int32From(secondsMin),
	"pointInTimeUTCSeconds": int32From(secondsMin),
}

// required are the members that a job must have.
var required = []string{"deliveryType", "targetClusterName", "targetGroupId"}

func noBody(*http.Request) error { return nil }

// jobBody checks a job that a client sends, since the generated type knows neither patterns nor which members must be
// there, and leaves only the members that a client may send: a readOnly one of any kind is ignored, not refused. What is
// no JSON is the binder's to refuse.
func jobBody(r *http.Request) error {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return &refusal{status: http.StatusBadRequest, code: "INVALID_JSON", detail: "The body cannot be read: " + err.Error()}
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	value, ok := decoded(data)
	if !ok {
		return nil
	}
	object, ok := value.(map[string]any)
	if !ok {
		return &refusal{status: http.StatusBadRequest, code: "INVALID_JSON", detail: "The body is not a JSON object."}
	}
	if err := checkJob(object); err != nil {
		return err
	}
	maps.DeleteFunc(object, func(name string, _ any) bool { return members[name] == nil })
	if data, err = json.Marshal(object); err == nil {
		r.Body = io.NopCloser(bytes.NewReader(data))
	}
	return err
}

// decoded is the one JSON value of a text, numbers as written.
func decoded(data []byte) (value any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return value, errors.Is(err, io.EOF)
}

func checkJob(object map[string]any) error {
	var fields []field
	for _, name := range required {
		if _, ok := object[name]; !ok {
			fields = append(fields, field{name, "is required"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if value, ok := object[name]; ok {
			if err := members[name](value); err != nil {
				fields = append(fields, field{name, err.Error()})
			}
		}
	}
	if fields == nil {
		return nil
	}
	return &refusal{
		status: http.StatusBadRequest, code: "BAD_REQUEST", fields: fields,
		detail: "Member " + fields[0].name + ": " + fields[0].description + ".",
	}
}

func text(fits rule) func(any) error {
	return func(value any) error {
		s, ok := value.(string)
		if !ok {
			return errors.New("want a string")
		}
		return fits(s)
	}
}

func oneOf(values ...string) func(any) error {
	return text(func(s string) error {
		if !slices.Contains(values, s) {
			return errors.New("is none of the values that the document lists")
		}
		return nil
	})
}

// int32From admits 32-bit integers from low on.
func int32From(low int64) func(any) error {
	return func(value any) error {
		number, ok := value.(json.Number)
		n, err := strconv.ParseInt(number.String(), 10, 64)
		if !ok || err != nil || n < low || n > math.MaxInt32 {
			return errors.New("want a 32-bit integer, at least " + strconv.FormatInt(low, 10))
		}
		return nil
	}
}
