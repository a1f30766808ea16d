import Autograd

// What the readers use of `Autograd` within its own package, and cannot from this one.

extension DataType {
    var onlyStores: Bool { self == .float16 || self == .bfloat16 }
}

extension Tensor {
    var widened: Tensor { dataType.onlyStores ? cast(to: .float32) : self }

    /// A tensor of zeros, once there was memory of its size to write to.
    init(
        _ dataType: DataType, shape: [Int], _ write: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        let count = shape.reduce(1, *)
        var elements = [UInt8](repeating: 0, count: count * dataType.size)
        elements.withUnsafeMutableBytes(write)
        self = Tensor([Float](repeating: 0, count: count), shape: shape).cast(to: dataType)
    }
}
