package grid

// Bounds of what is remembered of a workbook's styles: programs write 64,000 at most, and of how
// they look much more than is kept, which is why their part may be so many times as large as others.
const (
	mostStyles = 1 << 17
	styleTimes = 16
)

// readStyles reads which number format each style has.
func (w *workbook) readStyles(name string) error {
	formats := map[int]style{}
	return w.scan(name, min(styleTimes*w.l.Other, w.l.Unpacked), func(s *scanner) error {
		cells := false
		for s.next() {
			switch {
			case s.starts("numFmt"):
				id := s.number("numFmtId", -1)
				if len(formats) < mostStyles {
					formats[id] = styleOf(s.plain("formatCode"))
				}
			case s.starts("cellXfs"):
				cells = true
			case s.ends("cellXfs"):
				cells = false
			case cells && s.starts("xf"):
				id := s.number("numFmtId", 0)
				f, stated := formats[id]
				if !stated {
					f = builtIn(id)
				}
				if w.styles = append(w.styles, f); len(w.styles) > mostStyles {
					return tooLarge(styleTimes * w.l.Other)
				}
			}
		}
		return s.failed()
	})
}

func (w *workbook) styled(n int) style {
	if n < 0 || n >= len(w.styles) {
		return style{}
	}
	return w.styles[n]
}

// builtIn are the formats a workbook names without stating them (ECMA-376 18.8.30; those from 27 on
// are days in Chinese, Japanese and Korean). The built-in amounts have the currency of whoever
// looks, which is none.
func builtIn(id int) style {
	switch {
	case id == 9 || id == 10:
		return style{kind: asShare}
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return style{kind: asDay}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return style{kind: asTime}
	case id == 46:
		return style{kind: asSpan}
	}
	return style{}
}
