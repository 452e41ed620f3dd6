package contract

import _ "embed"

//go:embed report.schema.json
var reportSchema string

// ReportSchema is the JSON Schema (2020-12) of what Report.JSON writes.
func ReportSchema() string { return reportSchema }
