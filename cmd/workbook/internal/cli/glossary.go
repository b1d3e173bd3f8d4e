package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/course"
)

func (a *app) glossaryCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "glossary [TERM]",
		Short: "Say what a term means",
		Long: `Say what a term means, in the words of the lesson that defines it, and where to read on:
workbook read LESSON#SECTION. Without TERM all terms are listed.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeTerms,
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := a.loadCourse()
			if err != nil {
				return err
			}
			terms := c.Glossary()
			if name := first(args); name != "" {
				t, ok := c.Term(name)
				if !ok {
					return unknownTerm(c, name)
				}
				terms = []course.Term{t}
			}
			if asJSON {
				return ours0(a.glossaryJSON(terms))
			}
			return ours0(a.style().Glossary(a.Stdout, terms))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a term, a line each")
	return cmd
}

func unknownTerm(c *course.Course, name string) error {
	hints := []string{"workbook glossary lists all terms"}
	if near := c.NearestTerm(name); near != "" {
		hints = append([]string{"did you mean " + near + "?"}, hints...)
	}
	return usage(fmt.Errorf("the lessons define no term %q", name), hints...)
}

// defined is a term in `workbook glossary --json`, schema 1.
type defined struct {
	Schema  int    `json:"schema"`
	Term    string `json:"term"`
	Text    string `json:"text"` // Markdown
	Lesson  string `json:"lesson"`
	Section string `json:"section,omitempty"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

func (a *app) glossaryJSON(terms []course.Term) error {
	out := json.NewEncoder(a.Stdout)
	out.SetEscapeHTML(false)
	for _, t := range terms {
		if err := out.Encode(defined{1, t.Name, t.Text, t.Lesson, t.Section, t.File, t.Line}); err != nil {
			return fmt.Errorf("writing the glossary: %w", err)
		}
	}
	return nil
}

// completeTerms offers the terms that the lessons define.
func (a *app) completeTerms(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := a.loadCourse()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, t := range c.Glossary() {
		names = append(names, t.Name+"\t"+t.Place())
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
