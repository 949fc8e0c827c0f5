package intake

// What a mapping may state besides files, in plain data: whoever's it is makes it, in its
// importer's Begin, where the company has none of the name.

// PipelineSpec is a pipeline in short: percentages for success rates.
type PipelineSpec struct {
	Name   string      `yaml:"name" json:"name"`
	Stages []StageSpec `yaml:"stages" json:"stages" maxItems:"60"`
}

// StageSpec is one stage of it. Success is in percent; days are working days.
type StageSpec struct {
	Name      string  `yaml:"name" json:"name"`
	Kind      string  `yaml:"kind" json:"kind"`
	Phase     string  `yaml:"phase,omitempty" json:"phase,omitempty"`
	Success   float64 `yaml:"success,omitempty" json:"success,omitempty"`
	Standard  int     `yaml:"standardDays,omitempty" json:"standardDays,omitempty"`
	Max       int     `yaml:"maxDays,omitempty" json:"maxDays,omitempty"`
	Qualified bool    `yaml:"qualified,omitempty" json:"qualified,omitempty"`
	Skip      bool    `yaml:"allowSkip,omitempty" json:"allowSkip,omitempty"`
}

// RateSpec is a dated exchange rate.
type RateSpec struct {
	Currency string `yaml:"currency" json:"currency"`
	From     string `yaml:"from" json:"from"`
	Rate     string `yaml:"rate" json:"rate"`
}
