package contract

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The parts of SARIF 2.1.0 (OASIS) that a report fills.
type (
	sarifLog struct {
		Version string     `json:"version"`
		Schema  string     `json:"$schema"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
		FullDescription  sarifText `json:"fullDescription"`
		Help             sarifText `json:"help"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
)

// SARIF writes the findings in the Static Analysis Results Interchange Format 2.1.0, at the lines of the document: for code scanning.
func (r *Report) SARIF(w io.Writer) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: r.Tool, Version: r.Build, Rules: []sarifRule{}}}, Results: []sarifResult{}}
	for _, o := range r.Outcomes {
		if len(o.Findings) > 0 && !slices.ContainsFunc(run.Tool.Driver.Rules, func(rule sarifRule) bool { return rule.ID == o.Check }) {
			check := r.Check(o.Check)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{o.Check, sarifText{check.Promise}, sarifText{check.Why}, sarifText{check.Promise + " " + check.Why + " By: " + check.Source}})
		}
		for _, f := range o.Findings {
			run.Results = append(run.Results, r.sarifOf(o, f))
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	log := sarifLog{"2.1.0", "https://json.schemastore.org/sarif-2.1.0.json", []sarifRun{run}}
	if err := e.Encode(log); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func (r *Report) sarifOf(o Outcome, f Finding) sarifResult {
	result := sarifResult{
		RuleID: o.Check, Level: map[Level]string{Must: "error", Should: "warning", Advice: "note"}[f.Level],
		Message:             sarifText{o.Case + ": " + findingsText([]Finding{f})},
		PartialFingerprints: map[string]string{"troth/v1": knownLine(o, f)},
	}
	if file, line, ok := sourceLine(r.lineOf(o, f)); ok {
		result.Locations = []sarifLocation{{sarifPhysical{sarifArtifact{fileURI(file)}, sarifRegion{line}}}}
	}
	return result
}

// fileURI is a file as a URI reference: relative as it is, absolute with its scheme.
func fileURI(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}

// sourceLine splits "file:line"; ok is false for a clause.
func sourceLine(source string) (file string, line int, ok bool) {
	i := strings.LastIndexByte(source, ':')
	if i < 0 {
		return "", 0, false
	}
	line, err := strconv.Atoi(source[i+1:])
	return source[:i], line, err == nil && line > 0
}
