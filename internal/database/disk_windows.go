package database

import "golang.org/x/sys/windows"

// DiskFree is the bytes this process may still write to the disk of a directory.
func DiskFree(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(name, &free, nil, nil)
	return int64(free), err
}
