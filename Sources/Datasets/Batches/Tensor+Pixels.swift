import Autograd

extension Tensor {
    /// The elements as input for a model: pixels (`uint8`) scaled to 0…1, other numbers unchanged.
    package func scaledPixels(as type: DataType) -> Tensor {
        let numbers = cast(to: type)
        return dataType == .uint8 ? numbers / 255 : numbers
    }
}
