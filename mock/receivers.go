package mock

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// receivers are the URLs that clients registered for webhooks, by the path of what they registered.
type receivers struct {
	mu   sync.Mutex
	urls map[string][]string
}

// maxReceivers bounds how many are remembered; over it they start anew.
const maxReceivers = 1_000

// registries are words of paths below which clients register receivers.
var registries = []string{"hook", "webhook", "subscription", "subscriber", "callback", "listener"}

// receiverNames are what names of members that hold a receiver's URL end with.
var receiverNames = []string{"url", "uri", "endpoint", "target", "callback", "webhook", "receiver", "destination"}

// register notes the URLs in the body of a write below a path of webhooks or subscriptions, and forgets those of what is deleted.
func (w *world) register(call *Call, reply *Reply) {
	if !registers(call.Operation.Route) {
		return
	}
	path := strings.TrimPrefix(call.path(), call.Prefix)
	if call.Operation.Method == http.MethodPost && !call.plan.isItem {
		object, _ := reply.Body.(map[string]any)
		if r := call.plan.resource; r != nil && reply.Content != nil {
			path += "/" + escapeSegment(text(object[idMember(reply.Content.Schema, r.idParam)]))
		}
	}
	w.receivers.mu.Lock()
	defer w.receivers.mu.Unlock()
	if call.Operation.Method == http.MethodDelete {
		delete(w.receivers.urls, path)
		return
	}
	urls := receiverURLs(call.Body, "", carriedDepth)
	if len(urls) == 0 {
		return
	}
	if w.receivers.urls == nil || len(w.receivers.urls) >= maxReceivers {
		w.receivers.urls = map[string][]string{}
	}
	w.receivers.urls[path] = urls
}

// registered are the URLs of all receivers, in order of what they were registered by.
func (w *world) registered() (urls []string) {
	w.receivers.mu.Lock()
	defer w.receivers.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(w.receivers.urls)) {
		urls = append(urls, w.receivers.urls[path]...)
	}
	return urls
}

// inherit takes over the receivers of another world; none where that is nil.
func (w *world) inherit(from *world) {
	var urls map[string][]string
	if from != nil {
		from.receivers.mu.Lock()
		urls = maps.Clone(from.receivers.urls)
		from.receivers.mu.Unlock()
	}
	w.receivers.mu.Lock()
	defer w.receivers.mu.Unlock()
	w.receivers.urls = urls
}

func registers(route string) bool {
	for _, word := range split(strings.ReplaceAll(route, "/", "-")) {
		if slices.Contains(registries, singular(word)) {
			return true
		}
	}
	return false
}

// receiverURLs are the values of a body that a receiver's URL may be.
func receiverURLs(v any, name string, depth int) (urls []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if depth > 0 {
				urls = append(urls, receiverURLs(v[name], name, depth-1)...)
			}
		}
	case string:
		named := slices.ContainsFunc(receiverNames, func(end string) bool { return strings.HasSuffix(plain(name), end) })
		if _, err := receiver(v); named && err == nil {
			urls = append(urls, v)
		}
	}
	return urls
}
