import Autograd
import Datasets
import FileSupport
import Models

extension HasCodebook {
    /// The symbols of all examples.
    func indices<Failure>(
        of examples: Examples, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(examples.count, monitor) { indices(of: examples.batch($0, as: dataType)) }
    }

    /// The samples that symbols are decoded to.
    func samples<Failure>(
        ofIndices indices: Tensor, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(indices.shape[0], monitor) { decode(indices: indices[$0]) }
    }
}

extension Pictures {
    /// Evenly spaced test samples, each above the grid of its symbols and what that is decoded to.
    func symbols<Failure>(
        by model: any HasCodebook, count: Int, columns: Int = 10,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Picture {
        let examples = testExamples(count)
        let indices = try model.indices(of: examples, monitor: monitor.part(0...0.5))
        let made = try model.samples(ofIndices: indices, monitor: monitor.part(0.5...1))
        let tiles = SampleTiles(dataset.test)
        let grid = PictureGrid(
            tileWidth: tiles.grid.tileWidth, tileHeight: tiles.grid.tileHeight, channels: 3)
        func coloured(_ samples: Tensor) -> [[Float]] {
            tiles.tiles(samples).map { tiles.grid.channels == 3 ? $0 : $0 + $0 + $0 }
        }
        // Codes that are added up stand below each other.
        let grids =
            indices.rank == 4
            ? indices.reshaped([count, -1, indices.shape[3]]) : indices
        let symbols = SymbolTiles(of: model.codebook).tiles(grids, on: grid)
        return grid.picture(
            comparing: [coloured(examples.scaled()), symbols, coloured(made)], columns: columns)
    }

    /// Writes what is shown of a codebook.
    func write(
        codebookOf model: any HasCodebook, in run: TrainingRun, monitor: ProgressMonitor<some Error>
    ) throws {
        var usage = CodeUsage(codes: model.codebook.shape[0])
        usage.add(try model.indices(of: mapped, monitor: monitor))
        try CodeFrequencies(usage).write(to: run.file(RunFile.codeUse))
        guard SampleTiles(dataset.test).areImages else { return }
        try AtomicFile.write(
            symbols(by: model, count: 30, monitor: monitor).png, to: run.file(RunFile.symbols))
    }
}

/// Grids of symbols as tiles, in colours that are similar where codes are: three principal components of
/// the codebook, as red, green and blue.
struct SymbolTiles {
    /// Red, green and blue of each code.
    private let colors: [[Float]]

    init(of codebook: Tensor) {
        let count = min(3, codebook.shape[1])
        let places = PrincipalComponents(of: codebook, count: count).encode(codebook)
        let (least, greatest) = (
            places.min(axes: [0], keepingAxes: true), places.max(axes: [0], keepingAxes: true)
        )
        let width = select(greatest .> least, greatest - least, Tensor.ones(like: least))
        let levels = (0.1 + 0.9 * (places - least) / width).cast(to: .float32)
            .elements(as: Float.self)
        colors = (0..<codebook.shape[0]).map { code in
            let own = levels[code * count..<(code + 1) * count]
            return own + [Float](repeating: 0.5, count: 3 - count)
        }
    }

    /// A tile for each grid of `[samples, height, width]`, or row of `[samples, places]`, as large as a
    /// sample.
    func tiles(_ indices: Tensor, on grid: PictureGrid) -> [[Float]] {
        let (height, width) = (
            indices.rank == 3 ? indices.shape[1] : 1, indices.shape[indices.rank - 1]
        )
        let symbols = indices.elements(as: Int32.self)
        return (0..<indices.shape[0]).map { sample in
            let own = symbols[sample * height * width..<(sample + 1) * height * width]
            return (0..<3).flatMap { channel in
                (0..<grid.tileHeight).flatMap { row in
                    (0..<grid.tileWidth).map { column in
                        let (up, across) = (
                            row * height / grid.tileHeight, column * width / grid.tileWidth
                        )
                        let symbol = own[own.startIndex + up * width + across]
                        return colors[Int(symbol)][channel]
                    }
                }
            }
        }
    }
}
