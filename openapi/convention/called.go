package convention

import "strings"

// CalledAs tells whether a segment of a path, or a member, is what the items of a variable are called: "runtimes" for {runtime}, {runtimeId} and
// {runtime_name}, "policies" for {policy}, "organization" for {orgId}.
func CalledAs(segment, variable string) bool {
	of := plain(variable)
	for _, end := range []string{"id", "name"} {
		if cut := strings.TrimSuffix(of, end); cut != "" {
			of = cut
		}
	}
	return of != "" && strings.HasPrefix(plain(segment), strings.TrimSuffix(of, "y"))
}
