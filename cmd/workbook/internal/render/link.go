package render

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// refs collects the addresses of the links of one text, where they cannot be hyperlinks. They are
// numbered through the text and listed after the block that uses them.
type refs struct {
	known   []string // index+1 is the number
	pending []int    // numbers used since the last list
	linking bool     // inside a link's text: no reference for what is in it
}

// number returns the reference number of an address, from 1.
func (r *refs) number(address string) int {
	i := slices.Index(r.known, address)
	if i < 0 {
		r.known = append(r.known, address)
		i = len(r.known) - 1
	}
	if !slices.Contains(r.pending, i+1) {
		r.pending = append(r.pending, i+1)
	}
	return i + 1
}

// listRefs returns the list of the addresses used since the last one.
func (d *drawer) listRefs(width int) []line {
	var lines []line
	slices.Sort(d.refs.pending)
	for _, n := range d.refs.pending {
		label := fmt.Sprintf("[%d] ", n)
		address := wrap(plainText(d.refs.known[n-1], faintFace), width-len(label))
		lines = append(lines, indent(address, span{text: label, face: faintFace}, pad(len(label)))...)
	}
	d.refs.pending = nil
	return lines
}

// link returns a link's text with what tells where it leads.
func (d *drawer) link(n *ast.Link, f face) []span {
	under := f
	under.under = true
	nested := d.refs.linking
	d.refs.linking = true
	spans := d.inline(n, under)
	d.refs.linking = nested
	address := string(util.URLEscape(n.Destination, true))
	if strings.TrimSpace(line{spans: spans}.text()) == "" {
		spans = plainText(address, under)
	}
	return d.refer(spans, address, f)
}

func (d *drawer) autoLink(n *ast.AutoLink, f face) []span {
	under := f
	under.under = true
	address := string(n.URL(d.source))
	if n.AutoLinkType == ast.AutoLinkEmail && !isWeb(address) {
		address = "mailto:" + address
	}
	spans := plainText(string(n.Label(d.source)), under)
	return d.refer(spans, address, f)
}

// image returns the alternative text: a terminal shows no picture.
func (d *drawer) image(n *ast.Image, f face) []span {
	nested := d.refs.linking
	d.refs.linking = true
	alt := strings.TrimSpace(d.words(n))
	d.refs.linking = nested
	address := string(util.URLEscape(n.Destination, true))
	if alt == "" {
		alt = path.Base(address)
	}
	f.italic = true
	spans := plainText("[image: "+alt+"]", f)
	if nested {
		return spans
	}
	return d.refer(spans, address, f)
}

// refer attaches the address to the text: as a hyperlink, as a place in the course, or as a reference.
func (d *drawer) refer(spans []span, address string, f face) []span {
	if d.refs.linking {
		return spans
	}
	text := line{spans: spans}.text()
	if !isWeb(address) {
		note, name := d.place(address)
		if note == "" || strings.Contains(text, name) {
			return spans
		}
		return append(spans, plainText(" ("+note+")", f)...)
	}
	if d.Links {
		for i := range spans {
			spans[i].link = safeURL(address)
		}
		return spans
	}
	if address == text || address == "mailto:"+text || strings.TrimSuffix(address, "/") == "http://"+text {
		return spans
	}
	return append(spans, plainText(fmt.Sprintf(" [%d]", d.refs.number(safeURL(address))), face{faint: true})...)
}

var (
	webAddress = regexp.MustCompile(`(?i)^(https?://|mailto:)`)
	hasScheme  = regexp.MustCompile(`(?i)^([a-z][a-z0-9+.-]*:|//)`)
)

func isWeb(address string) bool { return webAddress.MatchString(address) }

// safeURL returns the address in printable ASCII, so that it cannot end the escape sequence around it.
func safeURL(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

var (
	lessonFile  = regexp.MustCompile(`^lessons/(?:\d+-)?([a-z0-9-]+)\.md$`)
	exercisePkg = regexp.MustCompile(`^exercises/[a-z0-9-]+/([a-z][a-z0-9]*)$`)
)

// place says in the course's words where a relative link leads, "" where nothing need be said, and the
// name that makes it needless in the link's text.
func (d *drawer) place(address string) (note, name string) {
	if hasScheme.MatchString(address) {
		return cleanLine(address), address
	}
	target, fragment, _ := strings.Cut(address, "#")
	if target == "" {
		return "", ""
	}
	file := path.Join(d.dir, target)
	if m := lessonFile.FindStringSubmatch(file); m != nil {
		if fragment != "" {
			return "lesson " + m[1] + ", " + strings.ReplaceAll(fragment, "-", " "), fragment
		}
		return "lesson " + m[1], m[1]
	}
	if m := exercisePkg.FindStringSubmatch(file); m != nil {
		return "exercise " + m[1], m[1]
	}
	file = cleanLine(strings.TrimPrefix(file, "../"))
	return file, file
}
