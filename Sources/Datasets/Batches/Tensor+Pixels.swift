import Autograd

extension Tensor {
    /// The elements as numbers that a model takes: pixels (`uint8`) from 0 to 1, all else as it is.
    package func scaledPixels(as type: DataType) -> Tensor {
        let numbers = cast(to: type)
        return dataType == .uint8 ? numbers / 255 : numbers
    }
}
