// The two types of the kernels' interface that users meet: they need no import of their own.

@_exported import enum KernelInterface.DataType
@_exported import struct KernelInterface.Size2D
