package convention

import (
	"encoding/json"
	"math/big"
	"strings"
	"time"
)

// longNumber is how many characters two numbers may have that are compared: reading them takes time that grows with the square.
const longNumber = 10000

// Order compares two numbers, or two dates and times: a date stands for its day (UTC), which no time of that day is before or behind.
// ok is false where they cannot be compared.
func Order(a, b any) (d int, ok bool) {
	m, mok := a.(json.Number)
	n, nok := b.(json.Number)
	if mok && nok && len(m)+len(n) <= longNumber {
		return numbers(m, n)
	}
	s, sok := a.(string)
	t, tok := b.(string)
	if !sok || !tok {
		return 0, false
	}
	x, xday, xok := When(s)
	y, yday, yok := When(t)
	if xday != yday {
		x, y = day(x), day(y)
	}
	return x.Compare(y), xok && yok
}

func numbers(m, n json.Number) (d int, ok bool) {
	p, pok := new(big.Float).SetString(m.String())
	r, rok := new(big.Float).SetString(n.String())
	if !pok || !rok {
		return 0, false
	}
	return p.Cmp(r), true
}

// When reads a date-time, or a date, which stands for a whole day.
func When(text string) (at time.Time, wholeDay, ok bool) {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at, true, true
	}
	at, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	return at.UTC(), false, err == nil
}

func day(at time.Time) time.Time { return at.Truncate(24 * time.Hour) }
