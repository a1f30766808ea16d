import Autograd

extension Tensor {
    /// The elements as input for a model: pixels (`uint8`) scaled to 0…1, other numbers unchanged.
    package func scaledPixels(as type: DataType) -> Tensor {
        let numbers = cast(to: type)
        return dataType == .uint8 ? numbers / 255 : numbers
    }

    /// The luma of television (Recommendation ITU-R BT.601) of red, green and blue,
    /// `[…, 3, height, width]`, as `[…, 1, height, width]`.
    package var luma: Tensor {
        let weights = Tensor([0.299, 0.587, 0.114], shape: [3, 1, 1])
        return (self * weights.cast(to: dataType)).sum(axes: [-3], keepingAxes: true)
    }
}
