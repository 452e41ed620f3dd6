package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"troth/mock"
	"troth/openapi"
)

// faultFlags are the faults that a mock is asked for.
type faultFlags struct {
	faults []string
	file   string
	header string
}

func (f *faultFlags) flags(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.faults, "fault", nil, "`FAULT` on request, in the form above; may be repeated")
	c.Flags().StringVar(&f.file, "faults", "", "`FILE` of faults on request (YAML or JSON: format: 1, faults: [{operations: [id], kind: value}]); --fault goes over it")
	c.Flags().StringVar(&f.header, "fault-header", "on", "let requests ask for faults by header "+mock.FaultHeader+": on or off")
}

// faultHelp is the part of the help that explains the form.
func faultHelp() string {
	return `Faults on request (--fault, --faults FILE, header ` + mock.FaultHeader + `): [operationId[,operationId…]:]kind=value[,kind=value…]
` + mock.DisturbanceHelp() + `Without operationId all operations are meant; what names the operation wins, also with 0. Which answers are hit depends on --seed, the operation
and the ordinal of the request. The header takes the same form without operationId and without rate, for its request only; none turns
every fault off for it.`
}

// options turns the flags into options of the mock of one document, and tells its faults in the form of the flag. An operation that is named
// is one of any of the documents that are served side by side.
func (f *faultFlags) options(doc *openapi.Document, docs []*openapi.Document) (opts []mock.Option, told []string, err error) {
	switch f.header {
	case "on":
	case "off":
		opts = append(opts, mock.WithoutFaultHeader())
	default:
		return nil, nil, fmt.Errorf("--fault-header %q: want on or off", f.header)
	}
	var list []mock.Disturbance
	if f.file != "" {
		if list, err = mock.LoadDisturbances(f.file, docs...); err != nil {
			return nil, nil, err
		}
	}
	for _, text := range f.faults {
		d, err := mock.ParseDisturbance(text)
		if err != nil {
			return nil, nil, fmt.Errorf("--fault %q: %w", text, err)
		}
		list = append(list, d)
	}
	var own []mock.Disturbance
	for _, d := range list {
		if err := d.Check(docs...); err != nil {
			return nil, nil, err
		}
		if d, ok := d.Of(doc); ok {
			own, told = append(own, d), append(told, d.String())
		}
	}
	return append(opts, mock.WithDisturbances(own...)), told, nil
}
