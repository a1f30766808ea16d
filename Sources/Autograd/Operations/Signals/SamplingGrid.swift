import KernelInterface

/// How images are sampled at coordinates, and the loops that do it.
struct SamplingGrid {
    let batch: Int
    let channels: Int
    let size: Size2D
    let points: Int
    let border: Border
    /// How often the weights are differentiated along each axis. They are linear between pixels: what
    /// is differentiated twice is 0.
    var order = Size2D(0)

    /// As this, differentiated once more.
    func sloping(alongX: Bool) -> SamplingGrid {
        var grid = self
        if alongX { grid.order.width += 1 } else { grid.order.height += 1 }
        return grid
    }

    private var pixels: Int { size.height * size.width }

    /// Points whose cells are computed at once, and stay in the cache for all channels.
    private static let block = 256

    /// The weighted sums of the pixels around each coordinate, `[batch, channels, points]`.
    func samples<Element: SampledElement>(
        of images: Tensor, _ coordinates: Tensor, as _: Element.Type
    ) -> Tensor {
        Tensor(images.dataType, [batch, channels, points]) { output in
            let pixel = images.storage.typed(Element.self)
            let place = coordinates.storage.typed(Element.self)
            let target = output.typed(Element.self)
            forEachBlock { sample, range in
                withCells(place, sample, range, order) { (cells: PointCells<Element>) in
                    for plane in sample * channels..<(sample + 1) * channels {
                        let image = pixel + plane * pixels
                        let row = target + plane * points + range.lowerBound
                        for index in 0..<range.count { row[index] = cells.sum(index, image) }
                    }
                }
            }
        }
    }

    /// Images of zeros to whose pixels around each coordinate the samples are added with their
    /// weights, `[batch, channels, height, width]`. Summed in double precision, as many may meet at
    /// a pixel.
    func images<Element: SampledElement>(
        of samples: Tensor, _ coordinates: Tensor, as _: Element.Type
    ) -> Tensor {
        Tensor(samples.dataType, [batch, channels, size.height, size.width]) { output in
            let value = samples.storage.typed(Element.self)
            let place = coordinates.storage.typed(Element.self)
            // As many channels as fit into the cache.
            let width = max(1, min(channels, (1 << 17) / pixels))
            let parts = (channels + width - 1) / width
            inParallel(batch * parts, grain: 1) { range in
                let sums = Storage(.float64, count: width * pixels)
                let sum = sums.typed(Double.self)
                for part in range {
                    let (sample, first) = (part / parts, part % parts * width)
                    let planes = first..<min(channels, first + width)
                    sum.update(repeating: 0, count: planes.count * pixels)
                    for start in stride(from: 0, to: points, by: Self.block) {
                        let range = start..<min(points, start + Self.block)
                        withCells(place, sample, range, order) {
                            (cells: PointCells<Double>) in
                            for plane in planes {
                                let row = value + (sample * channels + plane) * points + start
                                let image = sum + (plane - first) * pixels
                                for index in 0..<range.count {
                                    cells.add(row[index].asDouble, index, image)
                                }
                            }
                        }
                    }
                    let type = samples.dataType
                    let target = (sample * channels + first) * pixels * type.size
                    kernels.convert(
                        .float64, type, sums.pointer, output.pointer + target, planes.count * pixels
                    )
                }
            }
        }
    }

    /// The derivatives of the sums of samples times the weighted sums of pixels with respect to the
    /// coordinates, `[batch, points, 2]`.
    func slopes<Element: SampledElement>(
        _ samples: Tensor, _ images: Tensor, _ coordinates: Tensor, as _: Element.Type
    ) -> Tensor {
        Tensor(samples.dataType, [batch, points, 2]) { output in
            let value = samples.storage.typed(Element.self)
            let pixel = images.storage.typed(Element.self)
            let place = coordinates.storage.typed(Element.self)
            let target = output.typed(Element.self)
            let next = Size2D(height: order.height + 1, width: order.width + 1)
            forEachBlock { sample, range in
                withCells(place, sample, range, order) { (cells: PointCells<Element>) in
                    withCells(place, sample, range, next) { (slopes: PointCells<Element>) in
                        let result = target + (sample * points + range.lowerBound) * 2
                        result.update(repeating: 0, count: range.count * 2)
                        for plane in sample * channels..<(sample + 1) * channels {
                            let image = pixel + plane * pixels
                            let row = value + plane * points + range.lowerBound
                            for index in 0..<range.count {
                                let slope = cells.slopes(index, image, slopes)
                                result[2 * index] += row[index] * slope.x
                                result[2 * index + 1] += row[index] * slope.y
                            }
                        }
                    }
                }
            }
        }
    }

    /// Calls `body` for blocks of the points of each sample, in parallel.
    private func forEachBlock(_ body: (_ sample: Int, _ points: Range<Int>) -> Void) {
        let blocks = (points + Self.block - 1) / Self.block
        let work = Self.block * max(1, channels)
        inParallel(batch * blocks, grain: max(1, elementwiseGrain / work)) { range in
            for block in range {
                let first = block % blocks * Self.block
                body(block / blocks, first..<min(points, first + Self.block))
            }
        }
    }

    /// Calls `body` with the cells of a sample's points, with weights of this order.
    private func withCells<Element: SampledElement, Weight: SampledElement>(
        _ coordinates: UnsafePointer<Element>, _ sample: Int, _ range: Range<Int>,
        _ order: Size2D, _ body: (PointCells<Weight>) -> Void
    ) {
        let place = coordinates + (sample * points + range.lowerBound) * 2
        AxisCells<Weight>.withMemory(range.count) { x in
            AxisCells<Weight>.withMemory(range.count) { y in
                x.set(place, range.count, size.width, border, order.width)
                y.set(place + 1, range.count, size.height, border, order.height)
                body(PointCells(x: x, y: y, width: size.width, hasGaps: border == .zero))
            }
        }
    }
}
