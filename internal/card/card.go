// Package card reads a business card, the signature below a mail or a line of chat, pasted as text, and says what it
// tells of one person. It guesses nothing: what is not told apart surely stays empty, and is given back as the rest.
package card

import (
	"regexp"
	"strings"

	"yunchou/internal/text"
)

// Post is where somebody worked, as it is told.
type Post struct{ Company, Department, Title string }

// Card is what a text tells of a person; what is not told, or not surely, is "".
type Card struct {
	Name string
	Post
	Mobile, Phone, Email, WeChat, Address string
	Former                                []Post
	// Rest are the parts of the text that were not taken over.
	Rest []string
}

// Longest is how many characters of a text are read: a card has a few hundred.
const Longest = 4000

var (
	pieces  = regexp.MustCompile(`[\n\r\t|｜]+|[  　]{2,}| [·•/] `)
	clauses = regexp.MustCompile(`[，,。；;！!？?、]+`)
	email   = regexp.MustCompile(`[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+`)
	mobile  = regexp.MustCompile(`(?:\+?\s?\(?86\)?[\s\-]?)?\b?1[3-9]\d[\s\-]?\d{4}[\s\-]?\d{4}`)
	phone   = regexp.MustCompile(`(?:\+?\(?86\)?[\s\-]?)?\(?0\d{2,3}\)?[\s\-]?\d{3,4}[\s\-]?\d{4}(?:\s?(?:-|转|ext\.?|x)\s?\d{1,6})?|400[\s\-]?\d{3,4}[\s\-]?\d{3,4}|\+(?:[1-79]\d{0,2}|8[0-57-9]\d?)[\s\-]?\(?\d{1,4}\)?(?:[\s\-]?\d{2,4}){2,4}`)
	web     = regexp.MustCompile(`(?i)^(?:https?://|www\.)\S+$`)
	label   = regexp.MustCompile(`(?i)^(姓名|名字|联系人|name|公司|单位|公司名称|company|部门|department|dept|职务|职位|岗位|title|position|手机|手机号|手机号码|移动电话|mobile|mob|cell|cellphone|m|电话|座机|固话|办公电话|公司电话|tel|telephone|phone|office|direct|t|p|邮箱|电子邮箱|电子邮件|邮件|e-?mail|mail|e|微信|微信号|wechat|weixin|地址|公司地址|通讯地址|address|addr|add|a|传真|fax|f|邮编|zip|网址|web|website|qq)\s*[:.]\s*(.+)$`)
	spaced  = regexp.MustCompile(`^(姓名|公司|单位|部门|职务|职位|手机|电话|座机|邮箱|微信号?|地址|传真|邮编|网址|Mobile|Tel|Phone|Fax|Email|E-mail|WeChat|Address|Cell)\s+(.+)$`)
	digits  = regexp.MustCompile(`\d{7,}`)
)

// Read reads a text.
func Read(said string) Card {
	r := &reading{}
	if runes := []rune(said); len(runes) > Longest {
		said = string(runes[:Longest])
	}
	for _, piece := range pieces.Split(said, -1) {
		if piece = text.Fold(piece); piece != "" {
			r.piece(strings.Trim(piece, " -–—_*=~<>[]"))
		}
	}
	r.settle()
	return r.c
}

// reading is a card on its way.
type reading struct {
	c     Card
	names []string // what may be the person's name, in order
	loose []string // pieces that are a company or a title to whoever knows it
	line  int
	odd   int // English pieces nobody could read
}

func (r *reading) rest(piece string) {
	if piece = strings.Trim(piece, " ,，。；;:、()"); piece != "" {
		r.c.Rest = append(r.c.Rest, piece)
	}
}

// set takes a value over where there is none; a second one is rest.
func (r *reading) set(to *string, value string) {
	switch value = strings.TrimSpace(value); {
	case value == "" || *to == value:
	case *to == "":
		*to = value
	default:
		r.rest(value)
	}
}

func (r *reading) piece(piece string) {
	if piece == "" {
		return
	}
	r.line++
	if m := label.FindStringSubmatch(piece); m != nil && r.labelled(strings.ToLower(m[1]), m[2]) {
		return
	}
	if m := spaced.FindStringSubmatch(piece); m != nil && r.labelled(strings.ToLower(m[1]), m[2]) {
		return
	}
	if web.MatchString(piece) {
		r.rest(piece)
		return
	}
	piece = r.numbers(piece)
	if isAddress(piece) {
		r.set(&r.c.Address, piece)
		return
	}
	piece = aside.ReplaceAllString(piece, ",$1,")
	for _, clause := range clauses.Split(piece, -1) {
		r.clause(strings.Trim(clause, " ,:()-–—"))
	}
}

// labelled takes what stands behind a label; false where the label says less than the piece does.
func (r *reading) labelled(label, value string) bool {
	value = strings.TrimSpace(value)
	switch label {
	case "姓名", "名字", "联系人", "name":
		r.names = []string{value}
		r.c.Name = value
	case "公司", "单位", "公司名称", "company":
		r.set(&r.c.Company, value)
	case "部门", "department", "dept":
		r.set(&r.c.Department, value)
	case "职务", "职位", "岗位", "title", "position":
		r.set(&r.c.Title, value)
	case "微信", "微信号", "wechat", "weixin":
		r.set(&r.c.WeChat, value)
	case "地址", "公司地址", "通讯地址", "address", "addr", "add", "a":
		r.set(&r.c.Address, value)
	case "传真", "fax", "f", "邮编", "zip", "网址", "web", "website", "qq":
		r.rest(label + ": " + value)
	default: // numbers and addresses say what they are; behind one more may stand
		left := r.numbers(value)
		if left == value {
			return false
		}
		for _, clause := range clauses.Split(left, -1) {
			if clause = strings.Trim(clause, " ,:()-–—/"); clause != "" {
				r.piece(clause)
			}
		}
	}
	return true
}

var plain = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "")

// labels before a number within a line: they go with it.
var ahead = regexp.MustCompile(`(?i)(?:手机号?码?|移动电话|电话|座机|联系方式|邮箱|电邮|mobile|mob|cell|tel|phone|e-?mail|email|fax|传真|微信同号|\b[mtpe])\s*[:.]?\s*$`)

// numbers takes numbers and addresses out of a piece.
func (r *reading) numbers(piece string) string {
	take := func(pattern *regexp.Regexp, put func(found string)) {
		for {
			at := alone(pattern, piece)
			if at == nil {
				return
			}
			before, found, after := piece[:at[0]], piece[at[0]:at[1]], piece[at[1]:]
			if isFax := regexp.MustCompile(`(?i)(?:fax|传真)\s*[:.]?\s*$`).MatchString(before); isFax {
				r.rest("fax: " + found)
			} else {
				put(found)
			}
			piece = text.Fold(ahead.ReplaceAllString(before, "") + " , " + after)
		}
	}
	take(email, func(found string) { r.set(&r.c.Email, strings.Trim(found, ".")) })
	take(mobile, func(found string) {
		number := plain.Replace(strings.TrimPrefix(strings.TrimSpace(found), "+"))
		if len(number) == 13 {
			number = strings.TrimPrefix(number, "86")
		}
		r.set(&r.c.Mobile, number)
	})
	take(phone, func(found string) { r.set(&r.c.Phone, strings.TrimSpace(found)) })
	return strings.Trim(piece, " ,")
}

// alone is where a pattern is found first that is no part of something longer: what stands in a number is none.
func alone(pattern *regexp.Regexp, piece string) []int {
	for from := 0; ; {
		at := pattern.FindStringIndex(piece[from:])
		if at == nil {
			return nil
		}
		begin, end := from+at[0], from+at[1]
		before := begin > 0 && isDigit(piece[begin-1]) && isDigit(piece[begin])
		after := end < len(piece) && isDigit(piece[end-1]) && isDigit(piece[end])
		if !before && !after {
			return []int{begin, end}
		}
		for from = begin; from < len(piece) && isDigit(piece[from]); { // the whole number is passed
			from++
		}
		if from == begin {
			from++
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// settle says who it is, where that is sure: of two names none is.
func (r *reading) settle() {
	if r.c.Name != "" {
		return
	}
	if len(r.names) == 1 {
		r.c.Name = r.names[0]
		return
	}
	for _, name := range r.names {
		r.rest(name)
	}
}
