// // The types of the kernel interface that users meet: no import of their own is needed for them.

@_exported import enum KernelInterface.DataType
@_exported import struct KernelInterface.Size2D
