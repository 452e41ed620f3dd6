// Command dist builds what is released of troth: for each platform an archive with a static binary, manual pages, completions and
// licences, and a file with the checksums of the archives. make dist runs it. The same commit gives the same bytes.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"troth/cmd/troth/cli"
)

// platforms are what is released when -platforms does not say otherwise.
const platforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func main() {
	out := flag.String("out", "dist", "directory to write to")
	list := flag.String("platforms", platforms, "what to build for: GOOS/GOARCH, separated by commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := release(ctx, *out, strings.Split(*list, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// release writes the archives of all platforms and their checksums into out.
func release(ctx context.Context, out string, platforms []string) error {
	work, err := os.MkdirTemp("", "troth-dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	common, err := documents(ctx, work)
	if err != nil {
		return err
	}
	when, err := commitTime()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var names []string
	for _, platform := range platforms {
		binary, err := build(ctx, work, platform)
		if err != nil {
			return err
		}
		a := archive{platform: platform, version: cli.Version(), when: when, entries: append([]entry{binary}, common...)}
		name, err := a.write(out)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		fmt.Println(filepath.Join(out, name))
		names = append(names, name)
	}
	return checksums(out, names)
}

// build compiles the program for a platform such as linux/arm64, stamped with the version that this program has.
func build(ctx context.Context, work, platform string) (entry, error) {
	system, arch, ok := strings.Cut(platform, "/")
	if !ok {
		return entry{}, fmt.Errorf("platform %q: want GOOS/GOARCH, such as linux/arm64", platform)
	}
	name := "troth"
	if system == "windows" {
		name += ".exe"
	}
	file := filepath.Join(work, system+"-"+arch+"-"+name)
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w -X troth/cmd/troth/cli.stamp="+cli.Version(), "-o", file, "./cmd/troth")
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return entry{}, fmt.Errorf("go build for %s: %w", platform, err)
	}
	return entry{name: name, file: file, mode: 0o755}, nil
}

// commitTime is the time of all files in the archives: SOURCE_DATE_EPOCH (reproducible-builds.org), which make dist takes from the commit.
func commitTime() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH %q: want seconds since 1970 (make dist sets it)", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
