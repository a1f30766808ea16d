import Autograd

/// Images that are made equal in shape, one after another.
struct FittedImages {
    private let fitting: ImageFitting
    /// The size of the samples so far.
    private var size: Size2D?
    /// Bytes, `[1 or 3, height, width]`, each of that size.
    private var images: [Tensor] = []
    private var originalSizes: Set<Size2D> = []

    init(_ fitting: ImageFitting) {
        self.fitting = fitting
        size = fitting.size
    }

    mutating func append(_ image: Tensor) {
        let own = Size2D(height: image.shape[1], width: image.shape[2])
        originalSizes.insert(own)
        if size == nil, max(own.height, own.width) <= ImageFitting.largestUnchangedSide {
            size = own
        }
        if let known = size, fitting.size == nil, known != own, known != ImageFitting.usualSize {
            images = images.map { Self.fitted($0, to: ImageFitting.usualSize) }
            size = ImageFitting.usualSize
        }
        let target = size ?? ImageFitting.usualSize
        size = target
        images.append(Self.fitted(image, to: target))
    }

    /// All as one tensor, `[n, height, width]` or `[n, 3, height, width]`; nil if there are none.
    var samples: Tensor? {
        guard !images.isEmpty else { return nil }
        let channels = self.channels
        let all = stacked(images.map { Self.coloured($0, channels: channels) })
        return channels == 1 ? all.squeezed(axes: [1]) : all
    }

    private var channels: Int {
        fitting.channels ?? (images.allSatisfy { $0.shape[0] == 1 } ? 1 : 3)
    }

    /// How many images there are, and what was made of them.
    var notes: [String] {
        guard let size else { return [] }
        let kind = channels == 1 ? "grey" : "in colour"
        let changed = originalSizes != [size]
        let first = originalSizes.min { ($0.height, $0.width) < ($1.height, $1.width) } ?? size
        let last = originalSizes.max { ($0.height, $0.width) < ($1.height, $1.width) } ?? size
        let from = first == last ? "\(first)" : "\(first) to \(last)"
        return [
            "\(images.count) \(images.count == 1 ? "image" : "images"), \(kind), \(size) pixels"
                + (changed ? ", cut to their middle and resized from \(from)" : "")
        ]
    }

    /// The largest part of the size's proportions around the middle, resized.
    static func fitted(_ image: Tensor, to size: Size2D) -> Tensor {
        let (height, width) = (image.shape[1], image.shape[2])
        if height == size.height, width == size.width { return image }
        // As high as the image, unless it is too narrow for that.
        let isNarrow = width * size.height < height * size.width
        let cut = Size2D(
            height: isNarrow ? max(1, width * size.height / size.width) : height,
            width: isNarrow ? width : max(1, height * size.width / size.height))
        let (top, left) = ((height - cut.height) / 2, (width - cut.width) / 2)
        let part = image[.all, top..<top + cut.height, left..<left + cut.width]
            .cast(to: .float32)
        let isSmaller = cut.height >= size.height && cut.width >= size.width
        let result = resized(part, to: size, by: isSmaller ? .area : .bicubic)
        return round(clamp(result, from: 0, through: 255)).cast(to: .uint8)
    }

    /// Grey images in three equal channels, or the luma of colours.
    static func coloured(_ image: Tensor, channels: Int) -> Tensor {
        if image.shape[0] == channels { return image }
        if channels == 3 { return image.broadcast(to: [3] + image.shape.dropFirst()) }
        return round(image.cast(to: .float32).luma).cast(to: .uint8)
    }
}
