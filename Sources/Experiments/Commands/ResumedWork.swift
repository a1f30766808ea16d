import Autograd
import Datasets
import FileSupport
import Models

/// A run or a sweep that is resumed: options that are given again must be those it was started with.
struct ResumedWork {
    /// Such as "the run in runs/vae-1".
    let title: String
    let recipe: String
    let data: DataSelection

    /// The error about an option or an operand that contradicts the beginning.
    func refusal(_ asked: String, _ found: String) -> UsageError {
        UsageError("\(asked): \(title) was started with \(found)")
    }

    /// The name and the directory of the data. Throws if other data, or a part of them, are asked
    /// for, or another recipe.
    func data(_ arguments: Arguments, for recipe: any Recipe.Type) throws -> DataSelection {
        guard recipe.isCalled(self.recipe) else { throw refusal(recipe.name, self.recipe) }
        let data = try DataSelection(arguments, otherwise: self.data)
        // The same data may have been moved to another directory.
        guard data.name == self.data.name else {
            throw refusal("--data \(data.name)", self.data.name)
        }
        for (option, value) in try arguments.selection().asOptions
        where !self.data.asOptions.contains(where: { $0 == (option, value) }) {
            throw refusal("--\(option.name) \(value)", "another value")
        }
        return data
    }

    /// Throws if a recipe has another value of an option than that of the beginning.
    func check(_ asked: [OptionDescription], _ known: [OptionDescription]) throws(UsageError) {
        for (asked, known) in zip(asked, known) where asked.text != known.text {
            throw refusal("--\(asked.name) \(asked.text.shortened)", known.text.shortened)
        }
    }
}

extension TrainingRun {
    /// The samples of a run that is resumed. Throws if they are not those it was started with.
    func samples(_ data: DataSelection) throws -> Dataset {
        let read = try RunData(data, of: self)
        let dataset = read.dataset
        guard dataset.training.shape == configuration.samples.sampleShape else {
            throw FileError(
                path: dataset.name,
                expected: "samples of shape \(configuration.samples.sampleShape)",
                found: "samples of shape \(dataset.training.shape)")
        }
        guard !read.hasChanged else {
            throw FileError(
                path: dataset.name,
                expected: "the samples that the run in \(path) was started with",
                found: "others: some were changed, added, removed or reordered")
        }
        return dataset
    }
}
