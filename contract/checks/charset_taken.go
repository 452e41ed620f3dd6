package checks

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"

	"troth/contract"
)

// charsetTaken sends a body in JSON whose Content-Type says charset=utf-8: JSON has no such parameter, and who reads it takes no notice of one
// (RFC 8259 §11).
func charsetTaken(ctx context.Context, c *contract.Case, value any) ([]contract.Finding, error) {
	content, _, err := c.Small()
	object, ok := value.(map[string]any)
	if err != nil || content == nil || !ok || content.Type.IsRange() || len(content.Type.Params) > 0 || c.Op.Method != http.MethodPost {
		return nil, err
	}
	send := func(name, contentType string) (*contract.Exchange, error) {
		object := maps.Clone(object)
		fresh(c)(object)
		c.Distinct(object, "")
		text, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		return c.Ask(ctx, name, contract.Body(contentType, string(text)), contract.Provoking())
	}
	refused, err := send("Content-Type with a charset", content.Type.String()+"; charset=utf-8")
	if err != nil || refused.Status != http.StatusUnsupportedMediaType {
		return nil, err
	}
	taken, err := send("Content-Type without a charset", content.Type.String())
	if err != nil || !taken.OK() {
		return nil, err
	}
	f := c.New(refused, "header Content-Type", "", "charset", "taken, as without charset=utf-8", strconv.Itoa(refused.Status), content.Place.FileLine())
	return []contract.Finding{f.And(taken).At(contract.Should)}, nil
}
