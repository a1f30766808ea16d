import Autograd
import Datasets
import Foundation
import Models

/// The page that compares an image with the result of a model.
struct ApplicationReport {
    let run: TrainingRun
    /// The paths of the image and of the result.
    let path: String
    let output: String
    /// Pixels, `[channels, height, width]`.
    let picture: Tensor
    /// The image enlarged without the model; nil if the model keeps its size.
    let baseline: Tensor?
    let result: Tensor

    /// The longest side of an image on the page. A larger image is scaled down, and a detail from
    /// its middle is shown in full size.
    private static let greatestSide = 1024
    private static let detailSide = 320

    private typealias Version = (title: String, pixels: Tensor)

    /// The versions to compare come first.
    private var versions: [Version] {
        guard let baseline else { return [("Image", picture), ("Result", result)] }
        return [("Bicubic interpolation", baseline), ("Result", result), ("Image", picture)]
    }

    var page: ReportContents {
        get throws {
            let blueprint = try Blueprint(run.configuration)
            let recipe = blueprint.recipe
            let name = URL(fileURLWithPath: path).lastPathComponent
            return ReportContents(
                title: "\(name), by \(run.configuration.recipe)", recipe: run.configuration.recipe,
                introduction: "An image processed by a model: \(type(of: recipe).summary). "
                    + "\(type(of: recipe).citation).",
                headlines: [
                    .init(name: "Image", value: size(picture), note: "pixels, \(kind(picture))"),
                    .init(name: "Result", value: size(result), note: "pixels, \(kind(result))"),
                    .init(
                        name: "Parameters", value: Format.count(blueprint.model.parameterCount),
                        note: "of the model"),
                ],
                figures: figures,
                configuration: [
                    .init(name: "run", value: run.path), .init(name: "image", value: path),
                    .init(name: "result", value: output),
                    .init(name: "trained on", value: run.configuration.data.name),
                ]
                    + recipe.ownOptions.map {
                        .init(name: $0.name, value: $0.text)
                    },
                command: ["tapestry", ApplyCommand.name, run.path, path, "--output", output]
                    .map(shellWord).joined(separator: " "))
        }
    }

    private func size(_ pixels: Tensor) -> String { "\(pixels.shape[2]) × \(pixels.shape[1])" }

    private func kind(_ pixels: Tensor) -> String {
        pixels.shape[0] == 1 ? "grey" : "colour"
    }

    /// The page shows two figures per row; those to compare are in one row.
    private var figures: [ReportContents.Figure] {
        let (compared, rest) = (versions.prefix(2), versions.dropFirst(2))
        return compared.map(whole) + compared.compactMap(detail)
            + rest.flatMap { [whole($0), detail($0)] }.compactMap { $0 }
    }

    private func whole(_ version: Version) -> ReportContents.Figure {
        let pixels = version.pixels
        let side = max(pixels.shape[1], pixels.shape[2])
        guard side > Self.greatestSide else {
            return figure(version, caption: "\(size(pixels)) pixels.")
        }
        func scaled(_ length: Int) -> Int { max(1, length * Self.greatestSide / side) }
        let smaller = resized(
            pixels.cast(to: .float32),
            to: Size2D(height: scaled(pixels.shape[1]), width: scaled(pixels.shape[2])))
        return figure(
            (version.title, (clamp(smaller, from: 0, through: 255) + 0.5).cast(to: .uint8)),
            caption: "\(size(pixels)) pixels, scaled down.")
    }

    /// The middle of the image in full size; nil if all of it is shown in full size.
    private func detail(_ version: Version) -> ReportContents.Figure? {
        let (height, width) = (version.pixels.shape[1], version.pixels.shape[2])
        guard max(result.shape[1], result.shape[2]) > Self.greatestSide else { return nil }
        let side = Self.detailSide * height / result.shape[1]
        func middle(_ length: Int) -> Range<Int> {
            let start = max(0, (length - side) / 2)
            return start..<min(length, start + side)
        }
        let part = version.pixels.sliced(axis: 1, middle(height)).sliced(axis: 2, middle(width))
        return figure(
            ("\(version.title), detail", part), caption: "\(size(part)) pixels from the middle.")
    }

    private func figure(_ version: Version, caption: String) -> ReportContents.Figure {
        let image = PNG.Image(version.pixels)
        return ReportContents.Figure(
            title: version.title, caption: caption,
            content: .picture(
                png: PNG.encode(image), width: image.width, height: image.height,
                description: "\(version.title), \(caption)"))
    }
}
