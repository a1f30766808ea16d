import Autograd
import Datasets
import FileSupport
import Models

/// The pictures that show what a model has learnt.
///
/// Methods that process many samples report their progress to a monitor.
struct Pictures {
    let model: any Module
    let dataset: Dataset
    let tiles: SampleTiles
    let dataType: DataType

    init(of model: any Module, on dataset: Dataset) {
        self.model = model
        self.dataset = dataset
        tiles = SampleTiles(dataset.test)
        dataType = model.dataType
    }

    /// Evenly spaced test samples, each above its reconstruction. For a model that restores images:
    /// the degraded image, the restored image, and the original.
    func reconstructions<Failure>(
        by model: any Reconstructs, count: Int, columns: Int = 10,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Picture {
        let examples = testExamples(count)
        let samples = examples.scaled().cast(to: dataType)
        let made = try model.reconstructions(of: examples, monitor: monitor)
        guard let model = model as? any Restores else {
            return tiles.picture(comparing: [samples, made], columns: columns)
        }
        func degraded(_ part: Range<Int>) -> Tensor {
            // As in `reconstruct`: in parts of the same size, with the same random numbers.
            var generator = RandomGenerator(seed: 0)
            return model.degraded(samples[part], using: &generator)
        }
        let seen = inParts(count, .silent, degraded)
        return tiles.picture(comparing: [shown(seen), made, samples], columns: columns)
    }

    /// Images `[n, channels, height, width]`, enlarged to the size and the channels of the samples.
    private func shown(_ pictures: Tensor) -> Tensor {
        let (height, width) = (tiles.grid.tileHeight, tiles.grid.tileWidth)
        let factor = Size2D(
            height: height / pictures.shape[2], width: width / pictures.shape[3])
        return Upsampling2D(factor)(pictures)
            .broadcast(to: [pictures.shape[0], tiles.grid.channels, height, width])
            .reshaped([-1] + dataset.test.shape)
    }

    /// Rows that interpolate in equal steps between the codes of two test samples.
    ///
    /// - Parameter spherical: whether along arcs, see ``CodePaths/arcs(_:_:at:)``.
    func interpolations<Failure>(
        by model: any Encodes & Decodes, count: Int, steps: Int = 10, spherical: Bool = false,
        monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        try interpolations(
            between: model.codes(of: testExamples(2 * count), monitor: monitor.part(0...0.5)),
            by: model, steps: steps, spherical: spherical, monitor: monitor.part(0.5...1))
    }

    /// The same between the first half of some codes and the second.
    func interpolations<Failure>(
        between codes: Tensor, by model: any Decodes, steps: Int = 10, spherical: Bool = false,
        monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        let count = codes.shape[0] / 2
        let (first, last) = (codes[0..<count], codes[count..<2 * count])
        let path = CodePaths(of: model).between(first, last, steps: steps, spherical: spherical)
        let samples = try model.samples(
            of: path.reshaped([count * steps] + codes.shape.dropFirst()), monitor: monitor)
        return tiles.picture(of: samples, columns: steps)
    }

    /// What the components of a code that say most change in a test sample, a row for each.
    ///
    /// - Parameters:
    ///   - known: says how far components go, and how much they say.
    ///   - count: how many components at most.
    ///   - sample: the position of the test sample.
    func traversals(
        by model: any Encodes & Decodes, _ known: TestCodes, count: Int, steps: Int = 10,
        of sample: Int = 0, monitor: ProgressMonitor<some Error>
    ) throws -> (picture: Picture, rows: Traversals) {
        let codes = known.codes
        let traversals = Traversals(
            codes: codes.flattened(), divergences: known.divergences,
            factors: known.examples.factors, count: count)
        let start = model.codes(of: dataset.test[[sample]])
        let moved = traversals.codes(
            around: start.flattened(fromAxis: 0), steps: steps,
            areDirections: (model as? any Generates)?.codePrior == .directions)
        let samples = try model.samples(
            of: moved.reshaped([moved.shape[0]] + codes.shape.dropFirst()), monitor: monitor)
        return (tiles.picture(of: samples, columns: steps), traversals)
    }

    /// The decoded samples of a grid of codes with two components, which increase to the right and
    /// upwards, as in a chart.
    ///
    /// - Parameter side: the number of tiles per row and per column.
    func manifold<Failure>(
        by model: any Encodes & Decodes, side: Int, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        let codes = try manifoldCodes(by: model, side: side, monitor: monitor.part(0...0.5))
        let samples = try model.samples(of: codes, monitor: monitor.part(0.5...1))
        return SampleTiles(dataset.test, margin: 0).picture(
            of: samples, columns: side)
    }

    /// The codes of that grid, row by row from the top.
    func manifoldCodes<Failure>(
        by model: any Encodes, side: Int, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        try CodePaths(of: model).manifold(side: side) { () throws(Failure) in
            try codes(of: dataset.test, by: model, monitor: monitor)
        }.cast(to: dataType)
    }

    /// The weights of the units of the first layer, grey where they are zero. Nil if the samples
    /// are not images, or no layer has one weight for each of their elements.
    func filters(count: Int, columns: Int = 10) -> Picture? {
        let shape = dataset.test.shape
        let elements = shape.reduce(1, *)
        let isDense = { (tensor: Tensor) in tensor.rank == 2 && tensor.shape[1] == elements }
        guard shape.count >= 2,
            let weight = model.parameters.first(where: { isDense($0.tensor) })?.tensor
        else { return nil }
        let shown = weight[0..<min(count, weight.shape[0])]
        let greatest = abs(shown).max(axes: [1], keepingAxes: true)
        let filters = 0.5 + 0.5 * shown / (greatest + 1e-12)
        return tiles.picture(of: filters.reshaped([shown.shape[0]] + shape), columns: columns)
    }

    /// The test samples of maps and rates: more than 10,000 points cover each other, so that evenly
    /// spaced ones show the same.
    var mapped: Examples {
        let test = dataset.test
        return test.count > 10_000 ? test[spread(10_000, over: test.count)] : test
    }

    /// The codes of the test samples that maps show, and what each of their components says.
    struct TestCodes {
        let examples: Examples
        /// `[samples, …]`.
        let codes: Tensor
        /// The mean divergence of each component from its prior, in nats; empty if there are none.
        let divergences: [Double]
    }

    /// - Parameter seed: of the draws that divergences are estimated by.
    func testCodes(
        by encoder: any Encodes, seed: UInt64, monitor: ProgressMonitor<some Error>
    ) throws -> TestCodes {
        let examples = mapped
        return try TestCodes(
            examples: examples,
            codes: encoder.codes(of: examples, monitor: monitor.part(0...0.5)),
            divergences: (encoder as? any Trainable)?.unitDivergences(
                on: examples, seed: seed, monitor: monitor.part(0.5...1)) ?? [])
    }

    /// The codes of the test samples in the plane.
    func latentMap(of known: TestCodes) -> LatentMap {
        LatentMap(codes: known.codes, of: known.examples, classNames: dataset.classNames)
    }

    /// The test samples projected onto their principal components.
    var principalMap: LatentMap {
        let examples = mapped
        return LatentMap(
            codes: examples.scaled(), of: examples, classNames: dataset.classNames)
    }

    // MARK: Samples

    /// Samples of a generative model; for another model with codes, decoded draws from the normal
    /// distribution with the mean and the covariance of the training codes; nil if it has no codes.
    ///
    /// - Parameter condition: `[1]`, for a conditional model; by default all classes in turn.
    func newSamples<Failure>(
        _ count: Int, seed: UInt64, given condition: Tensor? = nil,
        monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor? {
        var generator = RandomGenerator(seed: seed)
        if let model = model as? any Generates {
            let told = model.takesConditions ? ToldConditions(of: model, on: dataset) : nil
            // Few at a time, as each may be the end of a long Markov chain.
            return try inParts(count, of: 100, monitor) { part in
                let conditions = condition?[part] ?? told?.inTurn(part)
                return model.sample(part.count, given: conditions, using: &generator)
            }
        }
        guard let model = model as? any Encodes & Decodes else { return nil }
        let codes = try codes(of: dataset.training, by: model, monitor: monitor.part(0...0.5))
        let flat = codes.flattened()
        // A combination of the deviations with normal weights has their covariance.
        let mean = flat.mean(axes: [0])
        let weights = generator.normal([count, flat.shape[0]], dataType: dataType)
        let drawn = mean + matmul(weights, flat - mean) / Double(flat.shape[0]).squareRoot()
        return try model.samples(
            of: drawn.reshaped([count] + codes.shape.dropFirst()), monitor: monitor.part(0.5...1))
    }

    /// Samples of a model that can be told a condition: a row for each class, or number, and a column for each draw of a
    /// code, which is the same for all of them.
    func samplesByCondition<Failure>(
        by model: any Generates, seed: UInt64, columns: Int = 10, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        let told = ToldConditions(of: model, on: dataset)
        let samples = try inParts(told.count, of: 1, monitor) { row in
            var generator = RandomGenerator(seed: seed)
            return model.sample(
                columns, given: told.values[row].broadcast(to: [columns]), using: &generator)
        }
        return tiles.picture(of: samples, columns: columns)
    }

    /// For each class, or number, a test sample, and beside it its code decoded under all of them; nil if
    /// no test sample is of a class.
    func transfer<Failure>(
        by model: any Encodes & DecodesGiven, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture? {
        let told = ToldConditions(of: model, on: dataset)
        let examples = dataset.test[told.examples(in: dataset.test)]
        guard examples.count > 0, let own = examples.condition ?? examples.labels else {
            return nil
        }
        let codes = try model.codes(of: examples, monitor: monitor.part(0...0.3))
        let count = examples.count * told.count
        let decoded = try inParts(count, monitor.part(0.3...1)) { part in
            let rows = Tensor(part.map { Int32($0 / told.count) })
            let conditions = told.inTurn(part)
            let moved = model.moved(
                codes.gathered(at: rows), from: own.gathered(at: rows), to: conditions)
            return model.decode(moved, given: conditions)
        }
        let shape = dataset.test.shape
        let samples = examples.scaled().cast(to: dataType).expandingAxis(1)
        let rows = concatenated(
            [samples, decoded.reshaped([examples.count, told.count] + shape)], axis: 1)
        return tiles.picture(of: rows.reshaped([-1] + shape), columns: 1 + told.count)
    }

    /// The codes of at most 5000 evenly spaced examples, which are enough to estimate a
    /// distribution: codes that are feature maps are large.
    private func codes<Failure>(
        of examples: Examples, by model: any Encodes, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try model.codes(
            of: examples[spread(5000, over: examples.count)], monitor: monitor)
    }

    /// `count` evenly spaced test samples; if there are fewer, some are repeated.
    func testExamples(_ count: Int) -> Examples {
        let available = dataset.test.count
        return dataset.test[
            count <= available
                ? spread(count, over: available) : (0..<count).map { $0 % available }]
    }
}

// MARK: - In a run's folder

extension Pictures {
    /// Writes the pictures that the model supports to the folder of its run.
    ///
    /// - Parameter seed: the seed of generated samples.
    func write(
        in run: TrainingRun, seed: UInt64, monitor: ProgressMonitor<some Error>
    ) throws {
        let isDrawn = !run.isAboutTable
        let codes = try (model as? any Encodes).map {
            try testCodes(by: $0, seed: seed, monitor: monitor)
        }
        if isDrawn, let model = model as? any Reconstructs {
            try AtomicFile.write(
                reconstructions(by: model, count: 30, monitor: monitor).png,
                to: run.file(RunFile.reconstructions))
        }
        if let model = model as? any HasCodebook {
            try write(codebookOf: model, in: run, monitor: monitor)
        }
        if isDrawn, !(model is any Restores) {
            if let picture = try samples(seed: seed, monitor: monitor) {
                try AtomicFile.write(picture.png, to: run.file(RunFile.samples))
            }
            if let model = model as? any Encodes & DecodesGiven,
                let picture = try transfer(by: model, monitor: monitor)
            {
                try AtomicFile.write(picture.png, to: run.file(RunFile.transfer))
            }
            if let model = model as? any Encodes & DecodesGiven, codes?.codes[0].count == 2 {
                try AtomicFile.write(
                    manifolds(by: model, side: 10, monitor: monitor).png,
                    to: run.file(RunFile.manifold))
            }
            if let model = model as? any Encodes & Decodes, let codes {
                let (picture, rows) = try traversals(
                    by: model, codes, count: 10, monitor: monitor)
                try AtomicFile.write(picture.png, to: run.file(RunFile.traversals))
                try CSV.write(
                    rows.table, to: run.file(RunFile.table(insteadOf: RunFile.traversals)))
            }
            if let codes, let explorer = try explorer(codes, monitor: monitor) {
                try explorer.write(in: run)
            }
            if let filters = filters(count: 100) {
                try AtomicFile.write(filters.png, to: run.file(RunFile.filters))
            }
        }
        if let codes { try write(codes, in: run) }
    }

    /// New samples: under all conditions, if the model can be told some; nil if it makes none.
    func samples(
        seed: UInt64, monitor: ProgressMonitor<some Error>
    ) throws -> Picture? {
        if let model = model as? any Generates, model.takesConditions {
            return try samplesByCondition(by: model, seed: seed, monitor: monitor)
        }
        return try newSamples(60, seed: seed, monitor: monitor).map {
            tiles.picture(of: $0, columns: 10)
        }
    }

    private func write(_ known: TestCodes, in run: TrainingRun) throws {
        try ActivationRates(codes: known.codes).write(to: run.file(RunFile.rates))
        try UnitDivergences(means: known.divergences)?.write(to: run.file(RunFile.units))
        try latentMap(of: known).write(RunFile.latent, in: run)
        if known.codes[0].count == 2 { try principalMap.write(RunFile.principal, in: run) }
    }
}
