package stubserver

import (
	"net/url"
	"strconv"
	"strings"

	"troth/gen/restorejobs"
)

// page is a part of a list: the items from first to end (exclusive) of total.
type page struct {
	number, size, total int
}

// bounds are the indexes of the page's items; equal behind the end. It multiplies only numbers that are small.
func (p page) bounds() (first, end int) {
	if p.number > p.last() {
		return p.total, p.total
	}
	first = (p.number - 1) * p.size
	return first, min(first+p.size, p.total)
}

// last is the number of the last page that has items, 1 where the list is empty.
func (p page) last() int { return max(1, (p.total+p.size-1)/p.size) }

// links are the relations of the page. The page before one that lies behind the end is the last one.
func (p page) links(at *url.URL) []restorejobs.Link {
	list := []restorejobs.Link{link("self", p.href(at, p.number))}
	if p.number > 1 {
		list = append(list, link("previous", p.href(at, min(p.number-1, p.last()))))
	}
	if p.number < p.last() {
		list = append(list, link("next", p.href(at, p.number+1)))
	}
	return list
}

// href is the URL of a page: every other parameter of the request is kept as it was sent.
func (p page) href(at *url.URL, number int) string {
	var pairs []string
	for pair := range strings.SplitSeq(at.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(name); pair != "" && err == nil && name != "pageNum" && name != "itemsPerPage" {
			pairs = append(pairs, pair)
		}
	}
	pairs = append(pairs, "pageNum="+strconv.Itoa(number), "itemsPerPage="+strconv.Itoa(p.size))
	there := *at
	there.RawQuery = strings.Join(pairs, "&")
	return there.String()
}

func link(rel, href string) restorejobs.Link { return restorejobs.Link{Rel: &rel, Href: &href} }
