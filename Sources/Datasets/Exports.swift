// What reading a file may throw: it needs no import of its own.

@_exported import struct FileSupport.FileError
