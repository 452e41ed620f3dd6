package typed

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/go-cmp/cmp"

	"troth/mock"
)

// Expectation is a mock.Expectation whose requests have a type.
type Expectation[Q any] struct {
	*mock.Expectation
	of *Package
}

// Times wants exactly n calls.
func (e *Expectation[Q]) Times(n int) *Expectation[Q] {
	e.Expectation.Times(n)
	return e
}

// Never wants no call.
func (e *Expectation[Q]) Never() *Expectation[Q] {
	e.Expectation.Never()
	return e
}

// AtLeast wants n calls or more.
func (e *Expectation[Q]) AtLeast(n int) *Expectation[Q] {
	e.Expectation.AtLeast(n)
	return e
}

// With counts only the calls with this request; a failure shows how each other call differs from it.
func (e *Expectation[Q]) With(want Q) *Expectation[Q] {
	return e.matching(func(got Q) string { return cmp.Diff(want, got, everything) })
}

// Where counts only the calls whose request f holds for.
func (e *Expectation[Q]) Where(f func(request Q) bool) *Expectation[Q] {
	return e.matching(func(got Q) string {
		if f(got) {
			return ""
		}
		text, err := json.Marshal(got)
		if err != nil {
			return fmt.Sprintf("%+v", got)
		}
		return string(text)
	})
}

func (e *Expectation[Q]) matching(difference func(Q) string) *Expectation[Q] {
	e.Matching(func(exchange *mock.Exchange) string {
		v, ok := e.of.requestOf(exchange)
		got, fits := v.(Q)
		if !ok || !fits {
			return "the request does not fit the operation's types"
		}
		return difference(got)
	})
	return e
}

// everything compares unexported members, too: generated unions keep their value in one.
var everything = cmp.Exporter(func(reflect.Type) bool { return true })

// Expect wants an operation to be called: once or more where nothing else is said.
func Expect[Q any](m *Mock, operation string) *Expectation[Q] {
	m.t.Helper()
	return &Expectation[Q]{m.Server.Expect(operation), m.of}
}

// On answers an operation by f from now on.
func On[Q, R any](m *Mock, operation string, f func(context.Context, Q) (R, error)) {
	m.t.Helper()
	if f == nil {
		m.check(m.Server.Handle(operation, nil))
		return
	}
	m.check(m.Server.Handle(operation, m.of.handler(func(ctx context.Context, request any) (any, error) {
		q, ok := request.(Q)
		if !ok {
			return nil, fmt.Errorf("the request is a %T, want a %T", request, q)
		}
		response, err := f(ctx, q)
		if err != nil || isNil(response) {
			return nil, err
		}
		return response, nil
	})))
}

func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Pointer, reflect.Interface:
		return value.IsNil()
	}
	return false
}

// Calls lists the requests to an operation in types, oldest first; those that do not fit the types are left out (they break the
// document, which failed the test).
func Calls[Q any](m *Mock, operation string) (list []Q) {
	m.t.Helper()
	for _, e := range m.Server.Calls(operation) {
		if v, ok := m.of.requestOf(e); ok {
			if q, ok := v.(Q); ok {
				list = append(list, q)
			}
		}
	}
	return list
}

// Seed makes these items all that an operation's list holds.
func Seed[T any](m *Mock, operation string, parents []any, items []T) {
	m.t.Helper()
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = item
	}
	m.check(m.Server.Seed(operation, texts(parents), list...))
}

// Items are the items that an operation's list holds.
func Items[T any](m *Mock, operation string, parents []any) []T {
	m.t.Helper()
	list, err := m.Server.Items(operation, texts(parents)...)
	m.check(err)
	items := make([]T, len(list))
	for i, text := range list {
		if err := json.Unmarshal(text, &items[i]); err != nil {
			m.check(fmt.Errorf("item %d of %s does not fit %T: %w", i, operation, items[i], err))
		}
	}
	return items
}

// texts are path values as they stand in a path: as JSON has them, without quotes.
func texts(values []any) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = fmt.Sprint(v)
		if text, err := json.Marshal(v); err == nil && json.Unmarshal(text, &list[i]) != nil {
			list[i] = string(text)
		}
	}
	return list
}
