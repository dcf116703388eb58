// The pace of a link: bytes go no faster than its rate, however many share it.
package main

import (
	"io"
	"sync"
	"time"
)

// pace with a rate of 0 holds nothing up.
type pace struct {
	rate  int64 // bytes a second
	mutex sync.Mutex
	free  time.Time // when the link has sent all that was taken
}

const paceBurst = 10 * time.Millisecond

// take waits until so many bytes may pass.
func (p *pace) take(bytes int) {
	if p.rate <= 0 || bytes <= 0 {
		return
	}
	p.mutex.Lock()
	if earliest := time.Now().Add(-paceBurst); p.free.Before(earliest) {
		p.free = earliest
	}
	p.free = p.free.Add(time.Duration(float64(bytes) / float64(p.rate) * float64(time.Second)))
	pause := time.Until(p.free)
	p.mutex.Unlock()
	time.Sleep(pause)
}

type pacedReader struct {
	io.Reader
	pace *pace
}

func (r *pacedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.pace.take(n)
	return n, err
}
