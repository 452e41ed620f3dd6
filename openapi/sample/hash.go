package sample

import "strconv"

// Hash derives a seed from a parent seed and strings, stable across versions of Go and machines: FNV-1a (64 bit) over the
// strings with their lengths, then the finalizer of SplitMix64.
func Hash(seed uint64, parts ...string) uint64 {
	h := uint64(14695981039346656037) ^ mix(seed)
	for _, part := range parts {
		for i := range len(part) {
			h = (h ^ uint64(part[i])) * 1099511628211
		}
		h = (h ^ uint64(len(part))) * 1099511628211
	}
	return mix(h)
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// dice is a SplitMix64 generator. Its Uint64 makes it a math/rand/v2 Source for gofakeit.
type dice struct{ state uint64 }

func (d *dice) Uint64() uint64 {
	d.state += 0x9e3779b97f4a7c15
	return mix(d.state)
}

// n returns a number from 0 to limit-1; limit at least 1.
func (d *dice) n(limit int) int { return int(d.Uint64() % uint64(max(limit, 1))) }

func itoa(i int) string { return strconv.Itoa(i) }
