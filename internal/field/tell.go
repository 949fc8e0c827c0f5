package field

import (
	"context"
	"encoding/json"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/timeline"
)

// TellNames names the own fields that entries say were changed, by their id or key.
func (s *Service) TellNames(ctx context.Context, tx database.Tx, a org.Actor, items []*timeline.Item) error {
	var labels map[string]string
	for _, i := range items {
		var p struct {
			Custom json.RawMessage `json:"custom"`
			Own    json.RawMessage `json:"own"`
		}
		if len(i.Payload) == 0 || i.Said(&p) != nil || len(p.Custom)+len(p.Own) == 0 {
			continue
		}
		if labels == nil {
			list, err := s.List(ctx, tx, a.TenantID, "")
			if err != nil {
				return err
			}
			labels = map[string]string{}
			for _, f := range list {
				labels[f.ID] = f.Label
				labels[f.Record+"."+f.Key] = f.Label
			}
		}
		for _, id := range append(named(p.Custom, i.Subject.Kind), named(p.Own, i.Subject.Kind)...) {
			if label := labels[id[1]]; label != "" {
				i.Names[id[0]] = label
			}
		}
	}
	return nil
}

// named are the fields a list names by their ids, or those of a kind of record by their keys, each as the list
// has it and as it is known.
func named(list json.RawMessage, kind string) (out [][2]string) {
	var ids []struct{ FieldID string }
	if json.Unmarshal(list, &ids) == nil {
		for _, f := range ids {
			out = append(out, [2]string{f.FieldID, f.FieldID})
		}
		return out
	}
	var keys []string
	if json.Unmarshal(list, &keys) == nil {
		for _, key := range keys {
			out = append(out, [2]string{key, kind + "." + key})
		}
	}
	return out
}
