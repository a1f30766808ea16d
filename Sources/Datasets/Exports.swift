// // The error that reading a file may throw: no import of its own is needed for it.

@_exported import struct FileSupport.FileError
