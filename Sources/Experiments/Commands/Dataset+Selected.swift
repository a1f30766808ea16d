import Autograd
import Datasets
import FileSupport
import Models

// Samples that are not the rows of a table, as options select and change them.
extension Dataset {
    /// - Parameters:
    ///   - requiresColumn: whether it is an error if the named label column does not exist.
    ///   - hasNumbers: whether conditions are numbers; nil if that is to be seen.
    ///   - requiresFactor: whether it is an error if images were not made by the named factor.
    static func samples(
        _ selection: DataSelection, seed: UInt64, requiresColumn: Bool, hasNumbers: Bool? = nil,
        requiresFactor: Bool = true
    ) throws -> Dataset {
        try selection.requireFittingSamples()
        // Of a table a column; of images a factor that they are made, or turned, by.
        let factor =
            TableDataset.isTable(selection.name) && selection.isFile ? nil : selection.condition
        let labels =
            factor == nil
            ? selection.labelSource(requiresColumn: requiresColumn, hasNumbers: hasNumbers) : nil
        var dataset = try read(selection, seed: seed, labels: labels)
        if let path = selection.masks { dataset = try dataset.masked(by: path) }
        if let how = selection.turning { dataset = try dataset.turned(how, seed: seed) }
        if let factor, requiresFactor || dataset.test.factors?[factor] != nil {
            dataset = try dataset.telling(factor)
        }
        if let how = selection.binarization { dataset = try dataset.binarized(how) }
        if let how = selection.dequantization { dataset = try dataset.dequantized(how) }
        if let normal = selection.normal { dataset = try dataset.training(onLabel: normal) }
        if let count = selection.labelsKept {
            dataset =
                selection.condition == nil
                ? try dataset.keepingLabels(count, seed: seed)
                : try dataset.keepingConditions(count, seed: seed)
        }
        return dataset
    }

    /// As they are, wherever they come from.
    ///
    /// - Parameter labels: of the samples in a file.
    private static func read(
        _ selection: DataSelection, seed: UInt64, labels: LabelSource?
    ) throws -> Dataset {
        if selection.isRun { return try symbols(ofRun: selection.name) }
        if selection.isImageFolder { return try images(selection, seed: seed) }
        guard selection.isFile else { return try selection.load() }
        return try file(selection.name, splitting: selection.split(seed: seed), labels: labels)
            ?? selection.load()
    }

    /// The symbols that the model of a run has for the samples that it was trained and tested on.
    private static func symbols(ofRun path: String) throws -> Dataset {
        let trained = try TrainedRun(TrainingRun.named(path))
        guard let model = trained.model as? any HasCodebook else {
            throw trained.unfit("a codebook, whose symbols can be samples", for: "--data")
        }
        let dataset = trained.experiment.dataset
        func symbols(of examples: Examples) -> Examples {
            let indices = model.indices(of: examples, monitor: ProgressMonitor.silent)
            return Examples(indices.cast(to: .float32), labels: examples.labels)
        }
        return Dataset(
            name: path, training: symbols(of: dataset.training), test: symbols(of: dataset.test),
            classNames: dataset.classNames, source: dataset.source)
    }

    private static func images(
        _ selection: DataSelection, seed: UInt64
    ) throws(FileError) -> Dataset {
        do {
            return try images(
                inFolder: selection.name, selection.images ?? ImageFitting(),
                splitting: selection.split(seed: seed))
        } catch {
            guard !isFolder(error.path) else { throw error }
            var error = error
            error.found += " (--\(CommandOption.damagedImages.name) skip leaves such images out)"
            throw error
        }
    }
}
