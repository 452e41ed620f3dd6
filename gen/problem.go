package gen

// documentErrors is the shape of errors where a document declares none: problem details, RFC 9457 §3.
func documentErrors() errorShape {
	return errorShape{
		contentType: "application/problem+json", skeleton: `{"type":"about:blank"}`,
		status: "/status", reason: "/title", detail: "/detail",
	}
}
