import KernelInterface

/// The shapes of a convolution, and its three bilinear maps: of an image x, a filter w and an
/// output y.
struct Convolution {
    let batch: Int
    let channels: Int
    let outputs: Int
    let groups: Int
    let windows: Windows
    /// How many elements of the filter take part, the first ones in row-major order. The others
    /// count as zeros, and have no gradient.
    let places: Int

    init(
        batch: Int, channels: Int, outputs: Int, groups: Int, windows: Windows, places: Int? = nil
    ) {
        self.batch = batch
        self.channels = channels
        self.outputs = outputs
        self.groups = groups
        self.windows = windows
        self.places = places ?? windows.window.height * windows.window.width
    }

    var filterShape: [Int] {
        [outputs, channels / groups, windows.window.height, windows.window.width]
    }

    /// y(x, w).
    func output(of x: Tensor, _ filter: Tensor) -> Tensor { forward(x, filter) }

    /// x(y, w).
    func image(of y: Tensor, _ filter: Tensor) -> Tensor { backward(y, filter) }

    /// w(x, y).
    func filter(of x: Tensor, _ y: Tensor) -> Tensor {
        guard batch > 0, Shape.count(filterShape) > 0 else {
            return Tensor.zeros(filterShape, dataType: x.dataType)
        }
        if let filter = pointwiseFilter(of: x, y) { return filter }
        if let winograd = WinogradCorrelation(forward, x.dataType),
            let filter = winograd.filter(of: x, y, shape: filterShape)
        {
            return filter
        }
        return directFilter(of: x, y)
    }
}

extension Correlation {
    func callAsFunction(_ source: Tensor, _ filter: Tensor) -> Tensor {
        if let target = pointwise(source, filter) { return target }
        if let winograd = WinogradCorrelation(self, source.dataType),
            let target = winograd(source, filter)
        {
            return target
        }
        return direct(source, filter)
    }
}
