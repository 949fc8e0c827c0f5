package task

import (
	"context"
	"encoding/json"

	"yunchou/internal/database"
	"yunchou/internal/notice"
	"yunchou/internal/reader"
)

// Notices tell who is given a task. What changes hands with a hand-over is told by that.
func (s *Service) Notices() notice.Source {
	return notice.Source{
		Kinds: map[string]bool{noticeGiven: true},
		Tells: map[string]notice.Teller{"task.added": tellAdded},
	}
}

const noticeGiven = "task.given"

func tellAdded(_ context.Context, _ database.Tx, e reader.Entry) ([]notice.To, error) {
	var p added
	if err := json.Unmarshal(e.Payload, &p); err != nil || e.Path == "import" {
		return nil, err
	}
	return []notice.To{{MemberID: p.MemberID, Kind: noticeGiven}}, nil
}
