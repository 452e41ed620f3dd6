package mock

// linking decides whether a page has a link, and where what it leads to begins.
type linking func(rel string, w window, due bool, start int) (bool, int)

func nextMissing(rel string, w window, due bool, start int) (bool, int) {
	return due && (rel != "next" || w.start > 0), start
}

func nextAlways(rel string, w window, due bool, start int) (bool, int) {
	return due || rel == "next", start
}

func firstHere(rel string, w window, due bool, start int) (bool, int) {
	if rel == "first" {
		return due, w.start
	}
	return due, start
}
