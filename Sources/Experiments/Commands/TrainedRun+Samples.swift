import Autograd
import Datasets
import FileSupport
import Models

extension TrainedRun {
    /// The sample that an argument names: a test sample, by its number from 1, or else an image in a file.
    ///
    /// - Parameter name: of the argument, for messages.
    func sample(_ text: String, _ name: String) throws -> Examples {
        let test = experiment.dataset.test
        guard let number = Int(text) else { return try image(at: text) }
        guard 1...test.count ~= number else {
            throw UsageError(
                "\(name) \(text.shortened): expected a test sample from 1 to \(test.count), or an image "
                    + "file")
        }
        return test[[number - 1]]
    }

    /// The test sample whose number, from 1, an option gives, by default the first, or the image of
    /// `--image`.
    func sample(_ arguments: Arguments, _ option: CommandOption) throws -> Examples {
        let test = experiment.dataset.test
        let number = try arguments.integer(option, in: 1...test.count)
        guard let path = arguments.string(.imageFile) else { return test[[(number ?? 1) - 1]] }
        guard number == nil else {
            throw UsageError(
                "--\(option.name) and --\(CommandOption.imageFile.name): give only one of them")
        }
        return try image(at: path)
    }

    /// The image in a file as a sample, fitted as those of a folder are. It has to be in colour if the
    /// run's samples are, and grey if they are grey, unless the run converts those of its own folder.
    func image(at path: String) throws(FileError) -> Examples {
        let test = experiment.dataset.test
        let channels = ImageShape(test.shape)?.channels ?? 0
        guard [1, 3].contains(channels), SampleTiles(test).range == nil else {
            throw FileError(
                path: run.path,
                expected: "a run on images with values from 0 to 1, to use the image \(path)",
                found: "samples of shape \(test.shape)"
                    + ([1, 3].contains(channels) ? " with other values" : ""))
        }
        let pixels = try ImageFile.sample(
            of: test.shape, at: path,
            converting: run.configuration.data.images?.channels != nil)
        return Examples(inputs: pixels)
    }
}
