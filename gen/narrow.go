package gen

import (
	"errors"
	"slices"
	"strings"

	"troth/openapi"
)

// narrow writes code for the operations that code can be written for, and reports the others.
func narrow(doc *openapi.Document, pkg string, s settings, found []Problem) ([]File, error) {
	left := map[string]bool{}
	for _, p := range found {
		for _, id := range p.Operations {
			left[id] = true
		}
	}
	problems := found
	if len(left) > 0 {
		s.operations = without(wantedOperations(doc, s), left)
	}
	files, err := buildSome(doc, pkg, s)
	if err != nil {
		if _, err := modelOf(doc); err != nil {
			return nil, err
		}
		n := narrowing{doc: doc, pkg: pkg, settings: s}
		n.add(idsOf(wantedOperations(doc, s)), err)
		s.operations = n.kept
		problems = append(problems, n.problems...)
		if files, err = buildSome(doc, pkg, s); err != nil {
			return nil, errors.Join(err, &Unsupported{Problems: problems})
		}
	}
	for _, p := range problems {
		s.leftOut(p)
	}
	return files, nil
}

// errNone says that no operation is left.
var errNone = errors.New("generate: no operation is left that code can be written for")

func buildSome(doc *openapi.Document, pkg string, s settings) ([]File, error) {
	if s.operations != nil && len(s.operations) == 0 {
		return nil, errNone
	}
	return build(doc, pkg, s)
}

// narrowing finds the operations that oapi-codegen stops at, by trying halves: it seldom says where it stopped.
type narrowing struct {
	doc      *openapi.Document
	pkg      string
	settings settings

	kept     []string
	problems []Problem
}

// add keeps those of the operations that code can be written for together with what is kept already. The error is why it
// cannot be for all of them.
func (n *narrowing) add(ids []string, err error) {
	if len(ids) == 1 {
		n.refuse(ids[0], err)
		return
	}
	for _, half := range [][]string{ids[:len(ids)/2], ids[len(ids)/2:]} {
		n.settings.operations = slices.Concat(n.kept, half)
		if _, err := buildSome(n.doc, n.pkg, n.settings); err != nil {
			n.add(half, err)
			continue
		}
		n.kept = n.settings.operations
	}
}

// refuse reports one operation; those refused for the same reason are one problem.
func (n *narrowing) refuse(id string, err error) {
	reason := strings.TrimSuffix(cause(err), "; change the document there, or generate only operations that do not reach it")
	for i := range n.problems {
		if n.problems[i].Construct == reason {
			n.problems[i].Operations = append(n.problems[i].Operations, id)
			return
		}
	}
	n.problems = append(n.problems, Problem{
		Where: n.doc.Operation(id).Place.String(), Construct: reason,
		Remedy: "change what the operation reaches, or exclude it", Operations: []string{id},
	})
}

// cause is an error's text without the file and document that Files puts before it.
func cause(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		if !strings.HasPrefix(err.Error(), "generate ") {
			break
		}
		err = inner
	}
	return err.Error()
}

func without(operations []*openapi.Operation, left map[string]bool) []string {
	ids := []string{}
	for _, o := range operations {
		if !left[o.ID] {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

func idsOf(operations []*openapi.Operation) []string { return without(operations, nil) }
