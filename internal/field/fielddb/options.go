package fielddb

import (
	"encoding/json"

	"yunchou/internal/field"
)

// option is a choice in its row: its text alone where it was never called otherwise and may be chosen, which is how
// all were written first.
type option field.Option

type optionRow struct {
	Code    string   `json:"code"`
	Label   string   `json:"label"`
	Retired bool     `json:"retired,omitempty"`
	Was     []string `json:"was,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (o option) MarshalJSON() ([]byte, error) {
	if o.Code == o.Label && !o.Retired && len(o.Was) == 0 {
		return json.Marshal(o.Code)
	}
	return json.Marshal(optionRow(o))
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *option) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		err := json.Unmarshal(raw, &o.Code)
		o.Label = o.Code
		return err
	}
	var row optionRow
	err := json.Unmarshal(raw, &row)
	*o = option(row)
	return err
}

func written(f field.Field) (string, error) {
	list := make([]option, len(f.Choices))
	for i, c := range f.Choices {
		list[i] = option(c)
	}
	raw, err := json.Marshal(list)
	return string(raw), err
}

func read(raw string, f *field.Field) error {
	var list []option
	err := json.Unmarshal([]byte(raw), &list)
	f.Options, f.Choices = []string{}, []field.Option{}
	if f.Type != field.Choice && f.Type != field.Text {
		return err
	}
	for _, o := range list {
		f.Choices = append(f.Choices, field.Option(o))
		if !o.Retired {
			f.Options = append(f.Options, o.Label)
		}
	}
	return err
}
