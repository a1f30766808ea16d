import Autograd
import Datasets
import FileSupport
import Foundation
import Models

enum ApplyCommand: Command {
    static let name = "apply"
    static let summary = "Denoises, enlarges or colours an image, as the run was trained to"
    static let operands = ["RUN", "IMAGE"]
    static let options: [CommandOption] = [.outputFile, .threads, .quiet]
    static let details = """
        For runs of the recipes dncnn, superresolve and colourise. IMAGE is a PNG or JPEG file of any size;
        models trained on colour images also accept grey ones. Large images are processed in tiles.
        Default: IMAGE-RECIPE.png in the run's folder. A .html page next to the result shows the
        image before and after and, for an enlarged one, also bicubic interpolation for comparison.
        """

    static func run(_ arguments: Arguments) throws {
        try arguments.applyThreads()
        let given = try arguments.outputPath(.outputFile, endingIn: [".png"])
        let run = try TrainingRun.named(arguments.operand(0, "RUN"))
        let path = try arguments.operand(1, "IMAGE")
        let recipe = run.configuration.recipe
        let transformer = try transformer(of: run)
        let picture = try picture(at: path, channels: transformer.channels, for: recipe)

        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let output = given ?? run.file("\(name)-\(recipe).png")
        let page = RunFile.page(beside: output)
        var inputs = ProtectedFiles([path])
        inputs.add(run)
        try inputs.refuse(writing: output, page)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin(recipe)
        let result = try transformer.transform(picture, monitor: work.monitor)
        var baseline: Tensor?
        if transformer.factor > 1 {
            work.begin("bicubic interpolation")
            baseline = try transformer.transformBaseline(picture, monitor: work.monitor)
        }
        let png = PNG.encode(PNG.Image(result))
        let report = ApplicationReport(
            run: run, path: path, output: output, picture: picture, baseline: baseline,
            result: result)
        let html = try report.page.html()
        try work.conclude()
        try AtomicFile.write(png, to: output)
        try AtomicFile.write(html, to: page)
        try StandardStreams.write("\(output)\n\(page)\n")
    }

    private static func transformer(of run: TrainingRun) throws -> any ImageTransformer {
        guard let restorer = try Blueprint(run.configuration).model as? any Restores else {
            throw FileError(
                path: run.path,
                expected: "a run of the recipes dncnn, superresolve or colourise, which process "
                    + "images of any size",
                found: "a run of the recipe \(run.configuration.recipe)")
        }
        return try run.trained(restorer).transformer
    }

    /// The pixels with the channels that the model expects, `[channels, height, width]`.
    private static func picture(
        at path: String, channels: Int, for recipe: String
    ) throws(FileError) -> Tensor {
        let pixels = try ImageFile.read(path)
        switch (pixels.shape[0], channels) {
        case (channels, _): return pixels
        // All channels are the same.
        case (1, 3): return concatenated([pixels, pixels, pixels])
        case (3, 1) where pixels[0] == pixels[1] && pixels[0] == pixels[2]: return pixels[0..<1]
        default:
            throw FileError(
                path: path,
                expected: channels == 1
                    ? "a grey image, as the run's recipe \(recipe) requires"
                    : "an image with \(channels) channels",
                found: "a \(pixels.shape[0] == 3 ? "colour" : "grey") image")
        }
    }
}

extension PNG.Image {
    /// An image of pixels, `[channels, height, width]`.
    init(_ pixels: Tensor) {
        self.init(
            width: pixels.shape[2], height: pixels.shape[1], channels: pixels.shape[0],
            pixels: pixels.transposed([1, 2, 0]).elements(as: UInt8.self))
    }
}
